import { VideoErrorMessage, decodeVideoPart } from '@camfleet/protocol';
import { ReconnectingSocket, type ConnectionState, type SocketLike } from './reconnecting-socket';
import { Signal } from './signal';
import { widestOf, type VideoWish } from './video-wish';

export interface VideoFrame {
  jpeg: Uint8Array<ArrayBuffer>;
  /** Capture time, Unix ms by the server's clock. */
  timestampMs: number;
  /** A stand-in picture (starting, reconnecting, failed): not live. */
  slate: boolean;
}

export interface VideoViewer {
  wish: VideoWish;
  /** Resolves when drawn: only then is the next frame asked for. */
  draw(frame: VideoFrame): Promise<void>;
  /** The server cannot serve this camera now; it is asked again by itself. */
  onRefused?(code: string): void;
}

interface Subscription {
  viewers: Set<VideoViewer>;
  /** What the server was last told, as text; `undefined` when it must be told again. */
  sent?: string;
  retry?: ReturnType<typeof setTimeout>;
  /** The newest picture, for a viewer who joins: a tile that is opened large shows something at once. */
  last?: { frame: VideoFrame; atMs: number };
}

const RETRY_REFUSED_MS = 2_000;
/** Cameras that send nothing at all for this long, slates included, mean a dead connection. */
const SILENCE_MS = 20_000;
/** A picture that came longer ago would pass for a live one. */
const JOIN_WITHIN_MS = 1_000;

/** `WS /api/live/video`: one connection for every camera on the page, the newest frame of each. */
export class VideoClient {
  readonly connection = new Signal<ConnectionState>('connecting');
  private readonly cameras = new Map<string, Subscription>();
  private readonly socket: ReconnectingSocket;
  private silence: ReturnType<typeof setTimeout> | undefined;

  constructor(options: { connect: () => SocketLike; random?: () => number }) {
    this.socket = new ReconnectingSocket({
      ...options,
      onOpen: () => this.resubscribeAll(),
      onMessage: (data) => this.receive(data),
      onState: (state) => this.connection.set(state),
    });
  }

  /** Shows a camera to one more viewer until the returned function is called. */
  show(cameraId: string, viewer: VideoViewer): () => void {
    const subscription = this.cameras.get(cameraId) ?? { viewers: new Set() };
    this.cameras.set(cameraId, subscription);
    subscription.viewers.add(viewer);
    const { last } = subscription;
    if (last && performance.now() - last.atMs < JOIN_WITHIN_MS)
      viewer.draw(last.frame).catch(() => undefined);
    this.syncSoon(cameraId);
    return () => {
      subscription.viewers.delete(viewer);
      this.syncSoon(cameraId);
    };
  }

  /** Connects until the returned function is called. */
  start(): () => void {
    const stop = this.socket.start();
    return () => {
      clearTimeout(this.silence);
      for (const { retry } of this.cameras.values()) clearTimeout(retry);
      stop();
    };
  }

  /** A viewer that leaves as another comes (a tile that grew) is one change, not two. */
  private syncSoon(cameraId: string): void {
    queueMicrotask(() => this.sync(cameraId));
  }

  /** Tells the server what a camera's viewers want together, if that changed. */
  private sync(cameraId: string): void {
    const subscription = this.cameras.get(cameraId);
    if (!subscription) return;
    const wish = widestOf([...subscription.viewers].map((viewer) => viewer.wish));
    if (!wish) {
      clearTimeout(subscription.retry);
      this.cameras.delete(cameraId);
      this.socket.send({ type: 'unsubscribe', cameraId });
      return;
    }
    const text = JSON.stringify(wish);
    if (subscription.sent === text || this.socket.state !== 'open') return;
    subscription.sent = text;
    this.socket.send({ type: 'subscribe', cameraId, ...wish });
    this.watchSilence();
  }

  private resubscribeAll(): void {
    for (const [cameraId, subscription] of this.cameras) {
      subscription.sent = undefined;
      this.sync(cameraId);
    }
  }

  private receive(data: unknown): void {
    this.watchSilence();
    if (data instanceof ArrayBuffer) void this.showPart(data);
    else if (typeof data === 'string') this.refused(data);
  }

  private async showPart(data: ArrayBuffer): Promise<void> {
    const { header, jpeg } = decodeVideoPart(data);
    const subscription = this.cameras.get(header.cameraId);
    const frame = { jpeg, timestampMs: header.timestampMs, slate: header.slate };
    if (subscription) subscription.last = { frame, atMs: performance.now() };
    // A picture that one viewer cannot draw must not stop the camera for all.
    await Promise.allSettled([...(subscription?.viewers ?? [])].map((viewer) => viewer.draw(frame)));
    this.socket.send({ type: 'ack', cameraId: header.cameraId });
  }

  private refused(text: string): void {
    const { cameraId, code } = parseError(text) ?? {};
    const subscription = cameraId === undefined ? undefined : this.cameras.get(cameraId);
    if (!subscription || cameraId === undefined || code === undefined) return;
    for (const viewer of subscription.viewers) viewer.onRefused?.(code);
    clearTimeout(subscription.retry);
    subscription.retry = setTimeout(() => {
      subscription.sent = undefined;
      this.sync(cameraId);
    }, RETRY_REFUSED_MS);
  }

  private watchSilence(): void {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => {
      if (this.cameras.size > 0 && this.socket.state === 'open') this.socket.reconnectNow();
    }, SILENCE_MS);
  }
}

function parseError(text: string): VideoErrorMessage | undefined {
  try {
    return VideoErrorMessage.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
