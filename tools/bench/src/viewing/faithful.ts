import { WebSocket } from 'ws';
import { type FeedAddress } from './feed';
import { Watcher } from './watcher';

/** How soon a client tries the next replica. */
const RETRY_MS = 50;

/** A client that goes to the next replica when its own is gone. Started at the replica of its choice. */
export abstract class FaithfulClient implements Disposable {
  private isOver = false;

  constructor(
    private readonly replicas: number,
    private replica: number,
  ) {
    void this.stay();
  }

  [Symbol.dispose](): void {
    this.isOver = true;
    this.leave();
  }

  /** Resolves when the connection to this replica has ended. */
  protected abstract connect(replica: number): Promise<unknown>;
  protected abstract leave(): void;

  private async stay(): Promise<void> {
    // The constructor of whoever extends this comes first.
    await Promise.resolve();
    for (; !this.isOver; this.replica = (this.replica + 1) % this.replicas) {
      await this.connect(this.replica);
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

/** A viewer of one camera. */
export class FaithfulViewer extends FaithfulClient {
  private watcher: Watcher | undefined;

  constructor(
    private readonly addresses: readonly FeedAddress[],
    replica: number,
  ) {
    super(addresses.length, replica);
  }

  /** Whether a live picture has come that was taken after this moment (Unix ms), and when it came. */
  seenAfter(takenAfterMs: number): number | undefined {
    return this.watcher?.parts.find(({ timestampMs }) => timestampMs > takenAfterMs)?.atMs;
  }

  protected connect(replica: number): Promise<unknown> {
    const address = this.addresses[replica];
    if (!address) throw new Error(`There is no replica ${replica}.`);
    this.watcher = new Watcher(address);
    return this.watcher.ended;
  }

  protected leave(): void {
    this.watcher?.[Symbol.dispose]();
  }
}

/** A dashboard's socket for events. */
export class FaithfulSocket extends FaithfulClient {
  private socket: WebSocket | undefined;
  /** When it was last told that it is subscribed; Unix ms by the given clock. */
  subscribedAtMs = 0;

  constructor(
    private readonly apis: readonly { url: string; key: string }[],
    private readonly options: { replica: number; nowMs: () => number },
  ) {
    super(apis.length, options.replica);
  }

  protected connect(replica: number): Promise<unknown> {
    const api = this.apis[replica];
    if (!api) throw new Error(`There is no replica ${replica}.`);
    const socket = new WebSocket(`${api.url.replace(/^http/, 'ws')}/api/live`, {
      headers: { authorization: `Bearer ${api.key}` },
    });
    this.socket = socket;
    socket.on('open', () => socket.send(JSON.stringify({ type: 'subscribe' })));
    socket.on('message', (data) => {
      if (String(data).includes('"type":"subscribed"')) this.subscribedAtMs = this.options.nowMs();
    });
    socket.on('error', () => undefined);
    return new Promise((resolve) => socket.once('close', resolve));
  }

  protected leave(): void {
    this.socket?.terminate();
  }
}
