import { CamfleetError } from '@camfleet/domain';
import { VideoClientMessage, type VideoErrorMessage, encodeVideoPart } from '@camfleet/protocol';
import type { WebSocket } from 'ws';
import { toCamfleetError } from '../http/error.filter';
import type { FeedViewer } from './feed-channel';
import type { FeedPart } from './feed-part';
import { FrameLimiter } from './frame-limiter';

/** Cameras on one socket. */
const MAX_SUBSCRIPTIONS = 200;
/** Bytes under way on one socket: a picture of each camera, and a lot of room. */
const MAX_BUFFERED_BYTES = 64 * 1024 * 1024;

export type WatchCamera = (
  request: { cameraId: string; width?: number; overlay: boolean },
  viewer: FeedViewer,
) => Promise<() => void>;

const noWatching = (): void => undefined;

/** One dashboard's wall: many cameras on one WebSocket, each with one picture under way at a time. */
export class VideoSocket {
  private readonly subscriptions = new Map<string, VideoSubscription>();
  private lookUps: Promise<unknown> = Promise.resolve();
  private waitingLookUps = 0;

  constructor(
    private readonly socket: WebSocket,
    private readonly watch: WatchCamera,
  ) {
    socket.on('message', (data, isBinary) => {
      if (!isBinary) this.received(String(data));
    });
    socket.on('close', () => {
      for (const subscription of this.subscriptions.values()) subscription.close();
    });
  }

  private received(text: string): void {
    const message = parse(text);
    if (!message) {
      this.fail({
        type: 'error',
        code: 'VALIDATION_FAILED',
        message: 'This message is none that is known here.',
      });
      return;
    }
    const { cameraId } = message;
    // Who acknowledges what it has not read would have us hold all of it.
    if (this.socket.bufferedAmount > MAX_BUFFERED_BYTES) this.socket.terminate();
    else if (message.type === 'ack') this.subscriptions.get(cameraId)?.acknowledged();
    else if (message.type === 'unsubscribe') this.unsubscribe(cameraId);
    else this.subscribe(message);
  }

  private subscribe(message: Extract<VideoClientMessage, { type: 'subscribe' }>): void {
    const { cameraId } = message;
    this.unsubscribe(cameraId);
    if (this.subscriptions.size >= MAX_SUBSCRIPTIONS) {
      this.fail({
        type: 'error',
        cameraId,
        code: 'TOO_MANY_REQUESTS',
        message: 'Too many cameras on one socket.',
      });
      return;
    }
    const subscription = new VideoSubscription({
      cameraId,
      fps: message.fps,
      send: (part) => this.socket.send(part),
      ended: () => {
        this.drop(cameraId, subscription);
        this.fail({ type: 'error', cameraId, code: 'STREAM_STOPPED', message: 'The stream was stopped.' });
      },
    });
    this.subscriptions.set(cameraId, subscription);
    this.lookUp(() =>
      subscription.isClosed ? Promise.resolve(noWatching) : this.watch(message, subscription),
    ).then(
      (stop) => subscription.watching(stop),
      (error: unknown) => {
        this.drop(cameraId, subscription);
        const { code, message: sentence } = toCamfleetError(error);
        this.fail({ type: 'error', cameraId, code, message: sentence });
      },
    );
  }

  private unsubscribe(cameraId: string): void {
    this.subscriptions.get(cameraId)?.close();
    this.subscriptions.delete(cameraId);
  }

  /** One look at the database at a time: who subscribes a thousand times over waits for themselves. */
  private lookUp(work: () => Promise<() => void>): Promise<() => void> {
    if (this.waitingLookUps >= MAX_SUBSCRIPTIONS)
      return Promise.reject(new CamfleetError('TOO_MANY_REQUESTS', 'Too many subscriptions at once.'));
    this.waitingLookUps += 1;
    const result = this.lookUps.then(work).finally(() => (this.waitingLookUps -= 1));
    this.lookUps = result.catch(() => undefined);
    return result;
  }

  /** Not the one that has taken its place since. */
  private drop(cameraId: string, subscription: VideoSubscription): void {
    if (this.subscriptions.get(cameraId) === subscription) this.subscriptions.delete(cameraId);
  }

  private fail(message: VideoErrorMessage): void {
    this.socket.send(JSON.stringify(message));
  }
}

/** One camera on a socket: the next picture goes out when the last was acknowledged; the newest waits, others are dropped. */
class VideoSubscription implements FeedViewer {
  private waiting?: FeedPart;
  private unacknowledged = false;
  private closed = false;
  private stop?: () => void;
  readonly fps: number;
  private readonly limiter: FrameLimiter;

  constructor(
    private readonly options: {
      cameraId: string;
      fps: number;
      send: (part: Uint8Array) => void;
      ended: () => void;
    },
  ) {
    this.fps = options.fps;
    this.limiter = new FrameLimiter(options.fps);
  }

  get isClosed(): boolean {
    return this.closed;
  }

  watching(stop: () => void): void {
    if (this.closed) stop();
    else this.stop = stop;
  }

  part(part: FeedPart): void {
    if (!this.limiter.admit(part)) return;
    if (this.unacknowledged) this.waiting = part;
    else this.send(part);
  }

  ended(): void {
    this.close();
    this.options.ended();
  }

  acknowledged(): void {
    this.unacknowledged = false;
    const { waiting } = this;
    this.waiting = undefined;
    if (waiting) this.send(waiting);
  }

  close(): void {
    this.closed = true;
    this.stop?.();
  }

  private send({ timestampMs, slate, jpeg }: FeedPart): void {
    if (this.closed) return;
    this.unacknowledged = true;
    this.options.send(encodeVideoPart({ cameraId: this.options.cameraId, timestampMs, slate }, jpeg));
  }
}

function parse(text: string): VideoClientMessage | null {
  try {
    return VideoClientMessage.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
