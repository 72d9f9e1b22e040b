import { LiveMessage, type EventView } from '@camfleet/protocol';
import { ReconnectingSocket, type ConnectionState, type SocketLike } from './reconnecting-socket';
import { Signal } from './signal';

/**
 * What a listener is told. `refresh`: anything but events may have been missed (a connection was lost, or the server
 * says so), so read again what was kept. `reset`: events were missed as well (first connection, or the server no longer
 * has those after the last one seen).
 */
export type LiveNotice =
  | { type: 'reset' }
  | { type: 'refresh' }
  | { type: 'event'; event: EventView }
  | VisitNotice
  | Extract<LiveMessage, { type: 'camera' | 'worker' | 'video' }>;

/** Whom a visit shows is known, or known otherwise. */
export type VisitNotice = Extract<LiveMessage, { type: 'visit' }>;

export interface LiveClientOptions {
  connect: () => SocketLike;
  isAlive?: () => Promise<boolean>;
  random?: () => number;
}

/** `WS /api/live`: every event once and in order, over any number of lost connections. */
export class LiveClient {
  readonly connection = new Signal<ConnectionState>('connecting');
  private readonly listeners = new Set<(notice: LiveNotice) => void>();
  private readonly socket: ReconnectingSocket;
  /** The newest sequence seen; `undefined` until the server says where it stands. */
  private after: number | undefined;

  constructor(options: LiveClientOptions) {
    this.socket = new ReconnectingSocket({
      ...options,
      onOpen: () => this.subscribe(),
      onMessage: (data) => this.receive(data),
      onState: (state) => this.connection.set(state),
    });
  }

  listen(listener: (notice: LiveNotice) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  reconnectNow(): void {
    this.socket.reconnectNow();
  }

  /** Connects until the returned function is called. */
  start(): () => void {
    return this.socket.start();
  }

  private subscribe(): void {
    this.socket.send({ type: 'subscribe', ...(this.after === undefined ? {} : { after: this.after }) });
  }

  private receive(data: unknown): void {
    const message = parse(data);
    if (!message) return;
    switch (message.type) {
      case 'subscribed':
        this.tell({ type: this.after === undefined ? 'reset' : 'refresh' });
        this.after ??= message.after;
        break;
      case 'event':
        if (this.after !== undefined && message.event.sequence <= this.after) return;
        this.after = message.event.sequence;
        this.tell(message);
        break;
      case 'error':
        if (message.code !== 'CURSOR_EXPIRED') return;
        this.after = undefined;
        this.subscribe();
        break;
      default:
        this.tell(message);
    }
  }

  /** Also for what this page learned by itself, from the answer to what it asked for. */
  tell(notice: LiveNotice): void {
    for (const listener of [...this.listeners]) listener(notice);
  }
}

/** Kinds of message that a newer server may add are passed over. */
function parse(data: unknown): LiveMessage | undefined {
  if (typeof data !== 'string') return undefined;
  try {
    return LiveMessage.safeParse(JSON.parse(data)).data;
  } catch {
    return undefined;
  }
}
