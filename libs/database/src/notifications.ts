import { Client } from 'pg';

/** New events: the payload is the highest sequence. */
export const EVENTS_CHANNEL = 'camfleet_events';
/** A camera or worker changed: the payload is `camera:<id>` or `worker:<id>`. */
export const CHANGES_CHANNEL = 'camfleet_changes';

/** People, their faces, visits or groups changed: no payload. */
export const PEOPLE_CHANNEL = 'camfleet_people';

const CHANNELS = [EVENTS_CHANNEL, CHANGES_CHANNEL, PEOPLE_CHANNEL] as const;
export type Channel = (typeof CHANNELS)[number];

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
      const known = CHANNELS.find((name) => name === channel);
      if (known) this.options.onMessage(known, payload ?? '');
    });
    client.on('error', () => this.restart(client));
    client.on('end', () => this.restart(client));
    this.client = client;
    await client.connect();
    for (const channel of CHANNELS) await client.query(`LISTEN ${channel}`);
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
