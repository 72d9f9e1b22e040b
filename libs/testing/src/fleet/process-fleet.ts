import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Network, type NetworkHost } from '../network/network';
import { type RedisPeer, freePort, startRedis } from '../peers/redis';
import { until } from '../peers/until';
import { signalTo } from '../program/process-tree';
import { Program } from '../program/program';

const KEYS = {
  ADMIN_API_KEY: 'fleet-admin-key-0123456789',
  WORKER_API_KEY: 'fleet-worker-key-0123456789',
  SECRET_KEY: 'fleet-secret-key-0123456789-0123456789',
};
const MODELS = join(__dirname, '../../../../.models');
/** On a machine with much else to do. */
const START_TIMEOUT_MS = 60_000;
const API_PORT = 8080;
const WORKER_PORT = 8090;
const LOOPBACK: NetworkHost = { address: '127.0.0.1', prefix: [] };

/**
 * This machine's own addresses on the network, by what listens there; what connects from here (a test, a viewer) has
 * the first, so that no cut between the others is one of theirs.
 */
const HOME = ['people', 'database', 'redis', 'cameras'] as const;
export type Home = (typeof HOME)[number];

export interface DatabasePeer {
  url: string;
  pid: number;
  stop(): Promise<void>;
}

export interface ProcessFleetOptions {
  replicas: number;
  /** `startEmbeddedPostgres`; asked again with the same values, it goes on with the same data. */
  startDatabase(options: { dataDirectory: string; host: string; port: number }): Promise<DatabasePeer>;
  /** Every replica and every worker on a host of its own, so that each link can be cut. */
  network?: boolean;
  /** Of replicas and workers. */
  env?: Record<string, string>;
}

/** One of our programs, and how it is started again. */
export interface Member {
  id: string;
  address: string;
  url: string;
  dataDirectory: string;
  /** The newest start of it. */
  program: Program;
  /** Anew, when the last one has ended; on the same address and data. */
  start(): Program;
}

/** A folder that PostgreSQL's account may enter, too. Its name has a space, as a user's may. */
export function dataFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'camfleet e2e '));
  chmodSync(folder, 0o755);
  return folder;
}

/** Replicas and workers as processes of their own, on a real PostgreSQL and a real Redis. */
export class ProcessFleet implements AsyncDisposable {
  readonly adminKey = KEYS.ADMIN_API_KEY;
  readonly replicas: Member[] = [];
  readonly workers = new Map<string, Member>();
  /** The database outlives whoever started it. */
  private readonly onExit = () => signalTo(this.parts.database.pid, 'SIGQUIT');

  private constructor(
    private readonly parts: {
      folder: string;
      network?: Network;
      database: DatabasePeer;
      startDatabase: () => Promise<DatabasePeer>;
      redis: RedisPeer;
      options: ProcessFleetOptions;
    },
  ) {
    process.once('exit', this.onExit);
  }

  /** Resolves when every replica serves. */
  static async start(options: ProcessFleetOptions): Promise<ProcessFleet> {
    /** What has begun, to be ended in the opposite order when a later step fails. */
    let begun: (() => unknown)[] = [];
    try {
      const folder = dataFolder();
      begun.push(() => rmSync(folder, { recursive: true, force: true }));
      const network = options.network ? Network.create(HOME.length) : undefined;
      begun.push(() => network?.[Symbol.dispose]());
      const at = (home: Home) => network?.home(HOME.indexOf(home)) ?? LOOPBACK.address;
      // One after the other: of two at once, the one that starts would outlive the one that fails.
      const redis = await startRedis({ host: at('redis') });
      begun.push(() => redis[Symbol.asyncDispose]());
      const host = at('database');
      const port = await freePort(host);
      const startDatabase = () => options.startDatabase({ dataDirectory: folder, host, port });
      const database = await startDatabase();
      const fleet = new ProcessFleet({ folder, network, database, startDatabase, redis, options });
      begun = [() => fleet[Symbol.asyncDispose]()];
      for (let index = 0; index < options.replicas; index++) await fleet.addReplica(`api${index + 1}`);
      return fleet;
    } catch (error) {
      for (const end of begun.reverse()) await end();
      throw error;
    }
  }

  get redis(): RedisPeer {
    return this.parts.redis;
  }

  get database(): DatabasePeer {
    return this.parts.database;
  }

  /** After it was stopped: on the same port, with what was written. */
  async databaseComesBack(): Promise<void> {
    this.parts.database = await this.parts.startDatabase();
  }

  /** @throws Error when it was started without one */
  get network(): Network {
    if (!this.parts.network) throw new Error('This fleet has no network of its own.');
    return this.parts.network;
  }

  home(home: Home): string {
    return this.parts.network?.home(HOME.indexOf(home)) ?? LOOPBACK.address;
  }

  /** @throws Error when there is none */
  replica(index: number): Member {
    const replica = this.replicas[index];
    if (!replica) throw new Error(`There is no replica ${index}.`);
    return replica;
  }

  /** @throws Error when there is none */
  worker(id: string): Member {
    const worker = this.workers.get(id);
    if (!worker) throw new Error(`There is no worker ${id}.`);
    return worker;
  }

  /** Resolves when it serves. @param own environment of this replica alone */
  async addReplica(id: string, own: Record<string, string> = {}): Promise<Member> {
    const { network, options, folder, database, redis } = this.parts;
    const host = network?.addHost() ?? LOOPBACK;
    const port = network ? API_PORT : await freePort();
    const url = `http://${host.address}:${port}`;
    const env = {
      ...options.env,
      ...KEYS,
      PORT: String(port),
      API_PUBLIC_URL: url,
      DATABASE_URL: database.url,
      REDIS_URL: redis.url,
      ...own,
    };
    const dataDirectory = join(folder, 'api');
    const replica = started({ id, host, url, dataDirectory, env, entry: 'apps/api/dist/main.js' });
    this.replicas.push(replica);
    await until(
      `${id} serves`,
      () => {
        if (replica.program.hasEnded) throw new Error(`${id} has ended: ${replica.program.output}`);
        return isReady(url);
      },
      START_TIMEOUT_MS,
    );
    return replica;
  }

  /** Starts it and waits for nothing. @param env of this worker alone */
  async addWorker(id: string, env: Record<string, string> = {}): Promise<Member> {
    const { network, options, folder, redis } = this.parts;
    const host = network?.addHost() ?? LOOPBACK;
    const port = network ? WORKER_PORT : await freePort();
    const url = `http://${host.address}:${port}`;
    const worker = started({
      id,
      host,
      url,
      dataDirectory: join(folder, id),
      entry: 'apps/worker/dist/main.js',
      env: {
        ...options.env,
        WORKER_API_KEY: KEYS.WORKER_API_KEY,
        WORKER_ID: id,
        WORKER_NAME: id,
        API_URL: this.replicas.map((replica) => replica.url).join(','),
        WORKER_HTTP_PORT: String(port),
        WORKER_PUBLIC_URL: url,
        REDIS_URL: redis.url,
        MODELS_DIR: MODELS,
        DECODER_PROCESSES: '1',
        ...env,
      },
    });
    this.workers.set(id, worker);
    return worker;
  }

  /** Where the data of a worker to come will lie. */
  dataDirectoryOf(workerId: string): string {
    const directory = join(this.parts.folder, workerId);
    mkdirSync(directory, { recursive: true });
    return directory;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { network, redis, database, folder } = this.parts;
    const end = (member: Member) => member.program[Symbol.asyncDispose]();
    await Promise.all([...this.workers.values()].map(end));
    await Promise.all(this.replicas.map(end));
    await redis[Symbol.asyncDispose]();
    process.off('exit', this.onExit);
    await database.stop();
    network?.[Symbol.dispose]();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function isReady(url: string): Promise<boolean> {
  return fetch(`${url}/readyz`).then(
    ({ ok }) => ok,
    () => false,
  );
}

function started(options: {
  id: string;
  host: NetworkHost;
  url: string;
  dataDirectory: string;
  entry: string;
  env: Record<string, string>;
}): Member {
  const { id, host, url, dataDirectory, entry, env } = options;
  mkdirSync(dataDirectory, { recursive: true });
  const run = () => new Program({ entry, prefix: host.prefix, env: { ...env, DATA_DIR: dataDirectory } });
  const member: Member = {
    id,
    address: host.address,
    url,
    dataDirectory,
    program: run(),
    start: () => (member.program = run()),
  };
  return member;
}
