import type { EventFilter } from '@camfleet/database';
import { LIVE_BACKLOG_LIMIT, LIVE_CLOSE_TOO_SLOW, type LiveMessage, LiveSubscribe } from '@camfleet/protocol';
import type { WebSocket } from 'ws';
import { toEventView } from '../events/event-view';
import { EventTail } from './event-tail';

/** While this much waits in the socket, nothing more is sent. */
const MAX_BUFFERED_BYTES = 512 * 1024;
const BUFFER_CHECK_MS = 50;

/** One reader of `WS /api/live`: events in order, from where it says, none missed and none twice. */
export class LiveReader {
  private cursor?: number;
  private filter: EventFilter = {};
  private pumping = false;
  private again = false;
  private subscription = 0;

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
    socket.on('close', stop);
    socket.on('message', (data) => this.received(String(data)));
  }

  /** Tells of a camera or worker; a reader that has not subscribed, or is slow, hears of the next change. */
  tell(message: LiveMessage): void {
    if (this.cursor !== undefined && this.options.socket.bufferedAmount < MAX_BUFFERED_BYTES)
      this.send(message);
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
    const after = request.after ?? this.options.tail.newest;
    this.subscription += 1;
    this.cursor = after;
    this.filter = { cameraIds: request.cameraIds, types: request.types };
    this.send({ type: 'subscribed', after });
    this.pump();
  }

  private pump(): void {
    this.again = true;
    if (this.pumping || this.cursor === undefined) return;
    this.pumping = true;
    this.run()
      .catch((error: unknown) => {
        // The reader resumes with what it has: nothing is skipped silently.
        this.options.onError(error);
        this.options.socket.close(1011, 'Try again.');
      })
      .finally(() => (this.pumping = false));
  }

  private async run(): Promise<void> {
    const { socket, tail, tenantId } = this.options;
    while (this.again && this.cursor !== undefined && socket.readyState === socket.OPEN) {
      this.again = false;
      if (socket.bufferedAmount > MAX_BUFFERED_BYTES) {
        this.again = true;
        if (tail.countAfter(this.cursor) >= LIVE_BACKLOG_LIMIT)
          return socket.close(LIVE_CLOSE_TOO_SLOW, 'Too slow.');
        await new Promise((resolve) => setTimeout(resolve, BUFFER_CHECK_MS));
        continue;
      }
      const { subscription } = this;
      const { rows, upTo } = await tail.after(tenantId, { after: this.cursor, filter: this.filter });
      if (subscription !== this.subscription) {
        this.again = true;
        continue;
      }
      for (const row of rows) this.send({ type: 'event', event: toEventView(row) });
      this.again ||= upTo > this.cursor && upTo < tail.newest;
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
