import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPeer } from './children';
import { freePort } from './redis';

export interface NginxRtmpPeer extends AsyncDisposable {
  rtmpUrl(stream: string): string;
  /** Answers 404 until the first two seconds are there. */
  hlsUrl(stream: string): string;
  /** Publishes an H.264 clip at its own pace, again and again, with the system's ffmpeg; disposing it stops that. */
  publish(stream: string, clip: string): Promise<AsyncDisposable>;
}

const MODULE = '/usr/lib/nginx/modules/ngx_rtmp_module.so';

/** An RTMP server with HLS that nobody here wrote (nginx with its RTMP module, of Debian). */
export async function startNginxRtmp(): Promise<NginxRtmpPeer> {
  const folder = await mkdtemp(join(tmpdir(), 'camfleet-nginx-'));
  const [rtmpPort, httpPort] = [await freePort(), await freePort()];
  await writeFile(join(folder, 'nginx.conf'), configuration({ folder, rtmpPort, httpPort }));
  const server = await startPeer({
    command: '/usr/sbin/nginx',
    args: ['-p', folder, '-c', join(folder, 'nginx.conf')],
    // Written once the ports are bound.
    readyWhen: /nginx\/\d/,
  });
  const rtmpUrl = (stream: string) => `rtmp://127.0.0.1:${rtmpPort}/live/${stream}`;
  return {
    rtmpUrl,
    hlsUrl: (stream) => `http://127.0.0.1:${httpPort}/${stream}.m3u8`,
    publish: (stream, clip) =>
      startPeer({
        command: 'ffmpeg',
        args: [
          ...'-re -stream_loop -1 -i'.split(' '),
          clip,
          '-an',
          '-c',
          'copy',
          '-f',
          'flv',
          rtmpUrl(stream),
        ],
        readyWhen: /frame=/,
      }),
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

function configuration({
  folder,
  rtmpPort,
  httpPort,
}: {
  folder: string;
  rtmpPort: number;
  httpPort: number;
}): string {
  return `
load_module ${MODULE};
daemon off;
# One process: killing it leaves none.
master_process off;
pid ${folder}/nginx.pid;
error_log stderr notice;
events {}
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  types { application/vnd.apple.mpegurl m3u8; video/mp2t ts; }
  server { listen 127.0.0.1:${httpPort}; root ${folder}/hls; }
}
rtmp {
  access_log off;
  server {
    listen 127.0.0.1:${rtmpPort};
    application live { live on; hls on; hls_path ${folder}/hls; hls_fragment 2s; }
  }
}
`;
}
