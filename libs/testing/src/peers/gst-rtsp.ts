import { join } from 'node:path';
import { startPeer } from './children';
import { until } from './until';

/** Debian's own Python, which has the bindings of GStreamer. */
const PYTHON = '/usr/bin/python3';
const SERVER = join(__dirname, '../../peers/gst_rtsp_server.py');

export interface GstRtspOptions {
  /** An H.264 MP4, long enough for the test: it is played once. */
  clip: string;
  /** `/cam1` to `/cam<count>`; default 1. */
  count?: number;
  credentials?: { username: string; password: string };
}

export interface GstRtspPeer extends AsyncDisposable {
  /** `rtsp://127.0.0.1:<port>/cam1`, without the password. */
  url(path: string): string;
  /** Ends every session once. */
  kick(): Promise<void>;
  /** Ends every session and takes no new one, until `up`. */
  down(): Promise<void>;
  up(): Promise<void>;
  /** Hangs: connections stay, nothing comes any more, until `thaw`. */
  freeze(): void;
  thaw(): void;
}

/** RTSP cameras by a server that nobody here wrote (gst-rtsp-server of Debian). */
export async function startGstRtsp({ clip, count = 1, credentials }: GstRtspOptions): Promise<GstRtspPeer> {
  const login = credentials ? [credentials.username, credentials.password] : [];
  const peer = await startPeer({
    command: PYTHON,
    args: [SERVER, clip, String(count), ...login],
    readyWhen: /listening on \d+/,
  });
  const port = /listening on (\d+)/.exec(peer.output())?.[1] ?? '';
  const order = async (name: string) => {
    const doneBefore = answers(peer.output());
    peer.process.stdin?.write(`${name}\n`);
    await until(`the RTSP server has obeyed "${name}"`, () => answers(peer.output()) > doneBefore);
  };
  return {
    url: (path) => `rtsp://127.0.0.1:${port}${path}`,
    kick: () => order('kick'),
    down: () => order('down'),
    up: () => order('up'),
    freeze: () => void peer.process.kill('SIGSTOP'),
    thaw: () => void peer.process.kill('SIGCONT'),
    [Symbol.asyncDispose]: () => peer[Symbol.asyncDispose](),
  };
}

function answers(output: string): number {
  return output.split('\n').filter((line) => line.startsWith('done ')).length;
}
