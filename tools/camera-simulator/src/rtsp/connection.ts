import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import type { Camera, Viewer } from '../camera/camera';
import { DigestGuard } from './digest';
import { RequestParser, type RtspRequest, RtspSyntaxError } from './request';
import { encodeAnswer, type RtspAnswer } from './response';
import { describeClip, TRACK } from './sdp';
import { chooseTransport } from './transport';

/** Bound of what is held for a viewer that reads too slowly; then pictures are dropped up to a keyframe. */
const MAX_HELD_BYTES = 1024 * 1024;
const METHODS = ['OPTIONS', 'DESCRIBE', 'SETUP', 'PLAY', 'GET_PARAMETER', 'TEARDOWN'] as const;
type Method = (typeof METHODS)[number];
/** Known to RTSP 1.0 and not done here. */
const REFUSED_METHODS = ['ANNOUNCE', 'PAUSE', 'RECORD', 'REDIRECT', 'SET_PARAMETER'];
const SESSION_TIMEOUT_S = 60;
/** A host that nothing looks up, to read a path out of a relative or absolute URL. */
const ANY_BASE = 'rtsp://camera';

interface Session {
  id: string;
  camera: Camera;
  channel: number;
  stop?: () => void;
}

/** Told which camera a player at `peer` (its address) plays, from now until the function given back is called. */
export type OnPlay = (player: { path: string; peer: string }) => () => void;

/** One client's connection: requests in, answers and interleaved packets out. It holds one session. */
export class RtspConnection {
  private readonly parser = new RequestParser();
  private readonly guards = new Map<Camera, DigestGuard>();
  private session: Session | undefined;

  constructor(
    private readonly socket: Socket,
    private readonly options: { cameraAt: (path: string) => Camera | undefined; onPlay?: OnPlay },
  ) {
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.receive(chunk));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.endSession());
  }

  private receive(chunk: Buffer): void {
    try {
      for (const request of this.parser.push(chunk)) this.handle(request);
    } catch (error) {
      if (!(error instanceof RtspSyntaxError)) throw error;
      this.socket.end(encodeAnswer({ status: 400 }, undefined));
    }
  }

  private handle(request: RtspRequest): void {
    const answer = this.answer(request);
    if (answer === 'reset') {
      this.socket.resetAndDestroy();
      return;
    }
    this.socket.write(encodeAnswer(answer, request.headers['cseq']));
    if (request.method === 'PLAY' && answer.status === 200) this.play();
    if (request.method === 'TEARDOWN' && answer.status === 200) this.endSession();
  }

  private answer(request: RtspRequest): RtspAnswer | 'reset' {
    if (request.version !== 'RTSP/1.0') return { status: 505 };
    if (request.headers['cseq'] === undefined) return { status: 400 };
    const camera = this.options.cameraAt(pathOf(request.url).camera);
    if (camera?.activeFault === 'refuse') return 'reset';
    const method = METHODS.find((known) => known === request.method);
    if (!method) return REFUSED_METHODS.includes(request.method) ? NOT_ALLOWED : { status: 501 };
    if (method === 'OPTIONS') return { status: 200, headers: { Public: METHODS.join(', ') } };
    if (!camera || camera.activeFault === 'not-found') return { status: 404 };
    const challenge = this.challenge(camera, request);
    if (challenge !== undefined) return { status: 401, headers: { 'WWW-Authenticate': challenge } };
    return this.answerMethod(method, { camera, request });
  }

  private answerMethod(
    method: Method,
    { camera, request }: { camera: Camera; request: RtspRequest },
  ): RtspAnswer {
    if (method === 'DESCRIBE') return this.describe(camera, request);
    if (method === 'SETUP') return this.setup(camera, request);
    // Players keep a connection alive with GET_PARAMETER before they have a session, too.
    const named = request.headers['session']?.split(';')[0];
    if (method === 'GET_PARAMETER' && named === undefined) return { status: 200 };
    const session = this.session;
    if (!session || named !== session.id || session.camera !== camera) return { status: 454 };
    const headers = { Session: sessionHeader(session) };
    if (method !== 'PLAY') return { status: 200, headers };
    if (session.stop) return { status: 455, headers };
    const { sequence, timestamp } = camera.position();
    const track = `${aggregateUrl(request.url)}/${TRACK}`;
    return {
      status: 200,
      headers: {
        ...headers,
        Range: 'npt=now-',
        'RTP-Info': `url=${track};seq=${sequence};rtptime=${timestamp}`,
      },
    };
  }

  private challenge(camera: Camera, request: RtspRequest): string | undefined {
    const locked = camera.activeFault === 'unauthorized';
    if (!camera.credentials && !locked) return undefined;
    // A locked camera knows nobody: the password is one that no one can send.
    const credentials =
      locked || !camera.credentials
        ? { username: '', password: randomBytes(16).toString('hex') }
        : camera.credentials;
    const guard = (!locked && this.guards.get(camera)) || new DigestGuard(credentials);
    if (!locked) this.guards.set(camera, guard);
    return guard.challenge(request);
  }

  private describe(camera: Camera, request: RtspRequest): RtspAnswer {
    const accept = request.headers['accept'] ?? '*/*';
    if (!/application\/sdp|\*\/\*|application\/\*/.test(accept)) return { status: 406 };
    const host = this.socket.localAddress ?? '127.0.0.1';
    return {
      status: 200,
      headers: { 'Content-Type': 'application/sdp', 'Content-Base': `${aggregateUrl(request.url)}/` },
      body: describeClip(camera.clip, host),
    };
  }

  private setup(camera: Camera, request: RtspRequest): RtspAnswer {
    const { track } = pathOf(request.url);
    if (track !== undefined && track !== TRACK) return { status: 404 };
    const transport = chooseTransport(request.headers['transport'] ?? '');
    if (!transport) return { status: 461 };
    if (this.session?.stop) return { status: 455 };
    this.session = {
      id: this.session?.id ?? randomBytes(8).toString('hex'),
      camera,
      channel: transport.rtpChannel,
    };
    const channels = `interleaved=${transport.rtpChannel}-${transport.rtcpChannel}`;
    return {
      status: 200,
      headers: { Session: sessionHeader(this.session), Transport: `RTP/AVP/TCP;unicast;${channels}` },
    };
  }

  private play(): void {
    const session = this.session;
    if (!session) return;
    let skipping = false;
    const viewer: Viewer = {
      channel: session.channel,
      send: (packets, kind) => {
        if (this.socket.writableLength > MAX_HELD_BYTES) skipping = true;
        else if (kind === 'keyframe') skipping = false;
        if (!skipping) this.socket.write(packets);
        return !skipping;
      },
      end: () => this.socket.destroy(),
    };
    const peer = this.socket.remoteAddress ?? '';
    const gone = this.options.onPlay?.({ path: session.camera.path, peer });
    const detach = session.camera.attach(viewer);
    session.stop = () => {
      detach();
      gone?.();
    };
  }

  private endSession(): void {
    this.session?.stop?.();
    this.session = undefined;
  }
}

const NOT_ALLOWED: RtspAnswer = { status: 405, headers: { Allow: METHODS.join(', ') } };

function sessionHeader(session: Session): string {
  return `${session.id};timeout=${SESSION_TIMEOUT_S}`;
}

/** The URL of the presentation: without track, query and trailing slash. */
function aggregateUrl(url: string): string {
  return url
    .replace(/\?.*$/, '')
    .replace(/\/+$/, '')
    .replace(/\/trackID=\d+$/, '');
}

function pathOf(url: string): { camera: string; track: string | undefined } {
  if (!URL.canParse(url, ANY_BASE)) return { camera: '', track: undefined };
  const path = new URL(url, ANY_BASE).pathname.replace(/\/+$/, '');
  const match = /^(.*)\/(trackID=\d+)$/.exec(path);
  return { camera: match?.[1] ?? path, track: match?.[2] };
}
