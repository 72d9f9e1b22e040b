import { backoffDelayMs } from './backoff';

/** What is used of the browser's WebSocket. */
export interface SocketLike {
  binaryType: string;
  send(data: string): void;
  close(): void;
  onopen: (() => void) | null;
  onmessage: ((message: { data: unknown }) => void) | null;
  onclose: (() => void) | null;
}

/** `connecting` is the first try; `waiting` and `retrying` come after a connection failed or was lost. */
export type ConnectionState = 'connecting' | 'open' | 'waiting' | 'retrying' | 'closed';

export interface ReconnectingSocketOptions {
  connect: () => SocketLike;
  onOpen?: () => void;
  onMessage: (data: unknown) => void;
  onState?: (state: ConnectionState) => void;
  /** Asks the server whether it lives, where it may be silent for long. One that does not say so is lost. */
  isAlive?: () => Promise<boolean>;
  random?: () => number;
}

/** A server that accepts the connection but never completes it is given up after this. */
const OPEN_TIMEOUT_MS = 10_000;
/** A connection that lived this long starts the back-off anew. */
const STABLE_AFTER_MS = 5_000;
/** A server that says nothing for so long may have frozen, or the network is gone: browsers notice neither. */
const SILENCE_MS = 10_000;

/** A WebSocket that comes back after a loss, with back-off. Messages sent while it is down are dropped. */
export class ReconnectingSocket {
  private socket: SocketLike | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private silence: ReturnType<typeof setTimeout> | undefined;
  private attempt = 0;
  private current: ConnectionState = 'closed';
  private readonly random: () => number;

  constructor(private readonly options: ReconnectingSocketOptions) {
    this.random = options.random ?? Math.random;
  }

  /** Connects until the returned function is called; may be started again after that. */
  start(): () => void {
    this.attempt = 0;
    this.become('connecting');
    this.dial();
    return () => {
      this.abandon();
      this.become('closed');
    };
  }

  get state(): ConnectionState {
    return this.current;
  }

  send(message: unknown): void {
    if (this.current === 'open') this.socket?.send(JSON.stringify(message));
  }

  /** Drops the present connection, or the present wait, and tries again at once. */
  reconnectNow(): void {
    if (this.current === 'closed') return;
    this.abandon();
    this.become('retrying');
    this.dial();
  }

  private dial(): void {
    const socket = this.options.connect();
    this.socket = socket;
    socket.binaryType = 'arraybuffer';
    this.timer = setTimeout(() => this.lost(socket), OPEN_TIMEOUT_MS);
    socket.onopen = () => this.opened(socket);
    socket.onmessage = ({ data }) => {
      this.heard(socket);
      this.options.onMessage(data);
    };
    socket.onclose = () => this.lost(socket);
  }

  private opened(socket: SocketLike): void {
    clearTimeout(this.timer);
    this.heard(socket);
    this.timer = setTimeout(() => (this.attempt = 0), STABLE_AFTER_MS);
    this.become('open');
    this.options.onOpen?.();
  }

  private heard(socket: SocketLike): void {
    const { isAlive } = this.options;
    if (!isAlive) return;
    clearTimeout(this.silence);
    this.silence = setTimeout(() => {
      const asked = this.silence;
      void isAlive().then((alive) => {
        // What it said meanwhile counts more than an answer that did not come.
        if (socket !== this.socket || asked !== this.silence) return;
        if (alive) this.heard(socket);
        else this.lost(socket);
      });
    }, SILENCE_MS);
  }

  private lost(socket: SocketLike): void {
    if (socket !== this.socket) return;
    this.abandon();
    this.become('waiting');
    this.timer = setTimeout(
      () => {
        this.become('retrying');
        this.dial();
      },
      backoffDelayMs(this.attempt++, this.random()),
    );
  }

  /** Forgets the socket first, so that its late `close` means nothing. */
  private abandon(): void {
    clearTimeout(this.timer);
    clearTimeout(this.silence);
    const socket = this.socket;
    this.socket = undefined;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  private become(state: ConnectionState): void {
    this.current = state;
    this.options.onState?.(state);
  }
}
