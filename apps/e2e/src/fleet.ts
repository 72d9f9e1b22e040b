import { startEmbeddedPostgres } from '@camfleet/database';
import { ProcessFleet, type Program, type RedisPeer, until } from '@camfleet/testing';
import { join } from 'node:path';
import { ApiClient } from './api-client';

/** On a busy machine the models take their time to load. */
const ONLINE_TIMEOUT_MS = 30_000;

/** An API and workers as processes of their own, and whoever asks the API. */
export class Fleet implements AsyncDisposable {
  private constructor(
    private readonly processes: ProcessFleet,
    /** One for each replica. */
    readonly apis: readonly [ApiClient, ...ApiClient[]],
  ) {}

  static async start(workerIds: readonly string[], { replicas = 1 } = {}): Promise<Fleet> {
    const processes = await ProcessFleet.start({
      replicas,
      startDatabase: (options) => startEmbeddedPostgres({ ...options, durable: false }),
    });
    const apiOf = (index: number) => new ApiClient(processes.replica(index).url, processes.adminKey);
    const others = processes.replicas.slice(1).map((_, index) => apiOf(index + 1));
    const fleet = new Fleet(processes, [apiOf(0), ...others]);
    try {
      await Promise.all(workerIds.map((id) => fleet.addWorker(id)));
      return fleet;
    } catch (error) {
      await fleet[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Of the first replica. */
  get api(): ApiClient {
    return this.apis[0];
  }

  /** What a worker counts under a name, of all its children together. */
  async counted(workerId: string, metric: string): Promise<number> {
    const text = await (await fetch(`${this.processes.worker(workerId).url}/metrics`)).text();
    const series = text.split('\n').filter((line) => line.startsWith(`${metric}{`));
    return series.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
  }

  get workers(): ReadonlyMap<string, Program> {
    return new Map([...this.processes.workers.values()].map(({ id, program }) => [id, program]));
  }

  /** Where the first replica keeps uploads, and what was found in them. */
  get assetsDirectory(): string {
    return join(this.processes.replica(0).dataDirectory, 'assets');
  }

  get redis(): RedisPeer {
    return this.processes.redis;
  }

  get replica(): Program {
    return this.processes.replica(0).program;
  }

  /** Starts it, or starts it anew. Resolves when the API counts on it. */
  async addWorker(id: string): Promise<Program> {
    const program = this.processes.workers.get(id)?.start() ?? (await this.processes.addWorker(id)).program;
    const isOnline = async () => {
      if (program.hasEnded) throw new Error(`${id} has ended: ${program.output}`);
      return (await this.api.workers()).some((worker) => worker.id === id && worker.state === 'online');
    };
    await until(`${id} is online`, isOnline, ONLINE_TIMEOUT_MS);
    return program;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.processes[Symbol.asyncDispose]();
  }
}
