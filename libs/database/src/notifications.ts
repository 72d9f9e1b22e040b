import { Client } from 'pg';

/** New events: the payload is the highest sequence. */
export const EVENTS_CHANNEL = 'camfleet_events';
/** A camera or worker changed: the payload is `camera:<id>` or `worker:<id>`. */
export const CHANGES_CHANNEL = 'camfleet_changes';

/** People, their faces, visits or groups changed: no payload. */
export const PEOPLE_CHANNEL = 'camfleet_people';

/** Jobs may be claimed: no payload. */
export const JOBS_CHANNEL = 'camfleet_jobs';

const CHANNELS = [EVENTS_CHANNEL, CHANGES_CHANNEL, PEOPLE_CHANNEL, JOBS_CHANNEL] as const;
export type Channel = (typeof CHANNELS)[number];

/** What PostgreSQL's `pg_stat_activity` calls the connection. */
export const LISTENER_NAME = 'camfleet-listener';

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

  /** Rejects when the database does not answer, and when it is closed meanwhile. */
  async start(): Promise<void> {
    const client = new Client({
      connectionString: this.options.url,
      application_name: LISTENER_NAME,
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
    // Of a connection that is closed while it is made, `pg` says nothing else.
    const ended = new Promise<never>((_, reject) => {
      client.once('end', () => reject(new Error('The connection has ended.')));
    });
    await Promise.race([listen(client), ended]);
    if (this.client !== client) throw new Error('The connection has ended.');
    this.ping = setInterval(() => void client.query('SELECT 1').catch(() => this.restart(client)), PING_MS);
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.retry);
    clearInterval(this.ping);
    const client = this.client;
    this.client = undefined;
    await client?.end();
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

async function listen(client: Client): Promise<void> {
  await client.connect();
  for (const channel of CHANNELS) await client.query(`LISTEN ${channel}`);
}
