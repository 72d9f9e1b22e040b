import type { EventFilter } from '@camfleet/database';
import { LIVE_BACKLOG_LIMIT, LIVE_CLOSE_TOO_SLOW, type LiveMessage, LiveSubscribe } from '@camfleet/protocol';
import type { WebSocket } from 'ws';
import { toEventView } from '../events/event-view';
import { EventTail } from './event-tail';

/** While this much waits in the socket, nothing more is sent. */
const MAX_BUFFERED_BYTES = 512 * 1024;
const BUFFER_CHECK_MS = 50;
/** What is to be read again is said once in this time. */
const REFRESH_MS = 250;

/** One reader of `WS /api/live`: events in order, from where it says, none missed and none twice. */
export class LiveReader {
  private cursor?: number;
  private filter: EventFilter = {};
  private pumping = false;
  private again = false;
  private subscription = 0;
  private refreshing?: NodeJS.Timeout;
  /** The newest subscription that is not in force yet; older ones are passed over. */
  private wanted?: LiveSubscribe;

  constructor(
    private readonly options: {
      socket: WebSocket;
      tenantId: string;
      tail: EventTail;
      onError: (error: unknown) => void;
    },
  ) {
    const { socket, tail } = options;
    const stop = tail.onNew(() => this.pump());
    socket.on('close', () => {
      stop();
      clearTimeout(this.refreshing);
    });
    socket.on('message', (data) => this.received(String(data)));
  }

  /** Tells of a camera, worker or visit. A slow reader reads it later; one that subscribes reads everything then. */
  tell(message: LiveMessage): void {
    if (this.isSlow()) this.refresh();
    else if (this.cursor !== undefined) this.send(message);
  }

  /** Has the reader read again what it shows: told once for many, as soon as it keeps up. */
  refresh(): void {
    this.refreshing ??= setTimeout(() => {
      this.refreshing = undefined;
      this.tell({ type: 'refresh' });
    }, REFRESH_MS);
  }

  private isSlow(): boolean {
    return this.options.socket.bufferedAmount >= MAX_BUFFERED_BYTES;
  }

  private received(text: string): void {
    const request = parse(text);
    if (!request) {
      this.send({
        type: 'error',
        code: 'VALIDATION_FAILED',
        message: 'This message is none that is known here.',
      });
      return;
    }
    this.subscription += 1;
    this.cursor = undefined;
    this.wanted = request;
    this.pump();
  }

  private async subscribe({ after, cameraIds, types }: LiveSubscribe): Promise<void> {
    if (after !== undefined && (await this.isExpired(after))) return;
    // A later subscription came meanwhile.
    if (this.wanted) return;
    this.cursor = after ?? this.options.tail.newest;
    this.filter = { cameraIds, types };
    this.send({ type: 'subscribed', after: this.cursor });
  }

  /** Tells the reader when it cannot go on after `after`: it must not take what there is for all there was. */
  private async isExpired(after: number): Promise<boolean> {
    const { tail, tenantId } = this.options;
    const oldest = await tail.oldestInstead(tenantId, after);
    if (oldest === null) return false;
    this.cursor = undefined;
    this.send({ type: 'error', code: 'CURSOR_EXPIRED', oldest });
    return true;
  }

  private pump(): void {
    this.again = true;
    if (this.pumping) return;
    this.pumping = true;
    this.run()
      .catch((error: unknown) => {
        // The reader resumes with what it has: nothing is skipped silently.
        this.options.onError(error);
        this.options.socket.close(1011, 'Try again.');
      })
      .finally(() => {
        this.pumping = false;
        if (this.again && this.options.socket.readyState === this.options.socket.OPEN) this.pump();
      });
  }

  private async run(): Promise<void> {
    const { socket, tail, tenantId } = this.options;
    while (this.again && socket.readyState === socket.OPEN) {
      this.again = false;
      const { wanted } = this;
      this.wanted = undefined;
      if (wanted) await this.subscribe(wanted);
      if (this.cursor === undefined) continue;
      if (this.isSlow()) {
        this.again = true;
        if (tail.countAfter(this.cursor) >= LIVE_BACKLOG_LIMIT)
          return socket.close(LIVE_CLOSE_TOO_SLOW, 'Too slow.');
        await new Promise((resolve) => setTimeout(resolve, BUFFER_CHECK_MS));
        continue;
      }
      const { subscription } = this;
      const { cursor: after, filter } = this;
      if (!tail.holds(after) && (await this.isExpired(after))) continue;
      const { rows, upTo } = await tail.after(tenantId, { after, filter });
      if (subscription !== this.subscription) {
        this.again = true;
        continue;
      }
      for (const row of rows) this.send({ type: 'event', event: toEventView(row) });
      this.again ||= upTo > after && upTo < tail.newest;
      this.cursor = upTo;
    }
  }

  private send(message: LiveMessage): void {
    this.options.socket.send(JSON.stringify(message));
  }
}

function parse(text: string): LiveSubscribe | null {
  try {
    return LiveSubscribe.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
