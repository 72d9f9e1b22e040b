import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Client } from 'pg';
import { DATABASE_USER, environmentOf, prepareCluster } from './cluster';
import { EmbeddedPostgresError, explain } from './embedded-error';
import { type Layout, layoutFor } from './layout';
import { endLeftover } from './leftover';

export interface EmbeddedPostgresOptions {
  /** Holds the cluster and its password; made when missing. */
  dataDirectory: string;
  /** Where it listens. Default: loopback. */
  host?: string;
  /** TCP port. Default: a free one. */
  port?: number;
  /** `false` for tests: a crash of the machine may lose what was committed. */
  durable?: boolean;
}

export interface EmbeddedPostgres {
  url: string;
  pid: number;
  /** Ends sessions, writes everything, waits for the end. */
  stop(): Promise<void>;
}

const DATABASE = 'camfleet';
const LOOPBACK = '127.0.0.1';
/** After a crash of the machine recovery comes first. */
const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 15_000;
const POLL_MS = 25;
/** Before a server that died is started again: what killed it may not be over. */
const RELAUNCH_MS = 500;
/** Lines of the server's log kept to explain a start that failed. */
const KEPT_LOG_BYTES = 8_192;

/** Starts a real PostgreSQL from its npm package, as an unprivileged account even for root. Throws {@link EmbeddedPostgresError}. */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { dataDirectory, host = LOOPBACK, durable = true } = options;
  const layout = prepareFolder(dataDirectory);
  await endLeftover(layout.cluster);
  const password = await prepareCluster(layout, dataDirectory);
  const settings = { host, port: options.port ?? (await freePort(host)), durable };
  const server = launch(layout, settings);
  const url = `postgresql://${DATABASE_USER}:${password}@${host}:${settings.port}`;
  try {
    await untilReady(server, { url: `${url}/postgres`, directory: dataDirectory });
  } catch (error) {
    server.process.kill('SIGQUIT');
    throw error;
  }
  return supervise(server, {
    url: `${url}/${DATABASE}`,
    relaunch: async () => {
      await endLeftover(layout.cluster);
      return launch(layout, settings);
    },
  });
}

/** Starts a server that dies by itself again, on the same port: its clients only see a connection break. */
function supervise(
  first: Server,
  { url, relaunch }: { url: string; relaunch: () => Promise<Server> },
): EmbeddedPostgres {
  let server = first;
  let stopping = false;
  let pause: NodeJS.Timeout | undefined;
  const watch = () =>
    void server.exited.then(() => {
      if (stopping) return;
      pause = setTimeout(() => {
        void relaunch().then((next) => {
          server = next;
          if (stopping) server.process.kill('SIGINT');
          watch();
        });
      }, RELAUNCH_MS);
    });
  watch();
  return {
    url,
    get pid() {
      return server.process.pid ?? 0;
    },
    stop: () => {
      stopping = true;
      clearTimeout(pause);
      return stop(server);
    },
  };
}

interface Server {
  process: ChildProcess;
  exited: Promise<void>;
  log(): string;
}

function prepareFolder(dataDirectory: string): Layout {
  try {
    mkdirSync(dataDirectory, { recursive: true });
    return layoutFor(dataDirectory);
  } catch (cause) {
    if (cause instanceof EmbeddedPostgresError) throw cause;
    throw explain({ text: String(cause), directory: dataDirectory, cause });
  }
}

interface ServerSettings {
  host: string;
  port: number;
  durable: boolean;
}

function launch(layout: Layout, { host, port, durable }: ServerSettings): Server {
  const settings = {
    port,
    listen_addresses: host,
    ...(host !== LOOPBACK && { hba_file: withPasswordFromAnywhere(layout) }),
    // A socket's path is short by law of the system, and a checkout's may be long.
    unix_socket_directories: '',
    max_connections: 100,
    log_timezone: 'UTC',
    timezone: 'UTC',
    ...(!durable && { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawn(join(layout.binaries, 'bin/postgres'), ['-D', layout.cluster, ...args], {
    cwd: layout.binaries,
    env: environmentOf(layout),
    // A process group of its own: Ctrl-C in the terminal is for us, and we still need the database to stop well.
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
    ...layout.account,
  });
  let log = '';
  child.stderr?.on('data', (chunk: Buffer) => (log = (log + chunk.toString()).slice(-KEPT_LOG_BYTES)));
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', (error) => {
      log += `\n${error.message}`;
      resolve();
    });
  });
  return { process: child, exited, log: () => log };
}

async function untilReady(
  server: Server,
  { url, directory }: { url: string; directory: string },
): Promise<void> {
  const deadline = performance.now() + START_TIMEOUT_MS;
  let gone = false;
  void server.exited.then(() => (gone = true));
  while (!(await createDatabase(url))) {
    if (gone || performance.now() > deadline) throw explain({ text: server.log(), directory });
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** False while the server does not answer yet. */
async function createDatabase(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function stop(server: Server): Promise<void> {
  server.process.kill('SIGINT');
  const timer = setTimeout(() => server.process.kill('SIGQUIT'), STOP_TIMEOUT_MS);
  await server.exited;
  clearTimeout(timer);
}

/** A new cluster lets nobody in but from loopback. */
function withPasswordFromAnywhere({ cluster }: Layout): string {
  const path = `${cluster}.hba.conf`;
  writeFileSync(path, 'host all all all scram-sha-256\n', { mode: 0o644 });
  return path;
}

function freePort(host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, host, () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}
