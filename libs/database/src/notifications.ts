import { Client } from 'pg';

/** New events: the payload is the highest sequence. */
export const EVENTS_CHANNEL = 'camfleet_events';
/** A camera or worker changed: the payload is `camera:<id>` or `worker:<id>`. */
export const CHANGES_CHANNEL = 'camfleet_changes';

export type Channel = typeof EVENTS_CHANNEL | typeof CHANGES_CHANNEL;

const RECONNECT_MS = 500;
const TIMEOUT_MS = 3_000;
/** A connection whose other end has silently gone is found out in this time. */
const PING_MS = 5_000;

/**
 * PostgreSQL's LISTEN on a connection of its own, made again when it breaks. A message sent while it was
 * broken is lost: listeners poll besides, and `onReconnect` tells them when to look.
 */
export class Notifications {
  private client?: Client;
  private closed = false;
  private retry?: NodeJS.Timeout;
  private ping?: NodeJS.Timeout;

  constructor(
    private readonly options: {
      url: string;
      onMessage: (channel: Channel, payload: string) => void;
      onReconnect: () => void;
    },
  ) {}

  async start(): Promise<void> {
    const client = new Client({
      connectionString: this.options.url,
      keepAlive: true,
      connectionTimeoutMillis: TIMEOUT_MS,
      query_timeout: TIMEOUT_MS,
    });
    client.on('notification', ({ channel, payload }) => {
      if (channel === EVENTS_CHANNEL || channel === CHANGES_CHANNEL)
        this.options.onMessage(channel, payload ?? '');
    });
    client.on('error', () => this.restart(client));
    client.on('end', () => this.restart(client));
    this.client = client;
    await client.connect();
    await client.query(`LISTEN ${EVENTS_CHANNEL}`);
    await client.query(`LISTEN ${CHANGES_CHANNEL}`);
    this.ping = setInterval(() => void client.query('SELECT 1').catch(() => this.restart(client)), PING_MS);
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.retry);
    clearInterval(this.ping);
    await this.client?.end();
  }

  private restart(broken: Client): void {
    if (this.closed || this.client !== broken) return;
    this.client = undefined;
    clearInterval(this.ping);
    broken.end().catch(() => undefined);
    this.retry = setTimeout(() => {
      this.start().then(
        () => this.options.onReconnect(),
        () => this.client && this.restart(this.client),
      );
    }, RECONNECT_MS);
  }
}
