import { startEmbeddedPostgres } from '@camfleet/database';
import { WorkerPage, type WorkerView } from '@camfleet/protocol';
import { ProcessFleet, until } from '@camfleet/testing';
import { SMALL_SLOW } from '../clips/bench-clip';
import type { BenchContext } from '../row';
import { ApiClient } from './api-client';
import { Cameras } from './cameras';

export interface SeveralOptions {
  replicas: number;
  /** Their ids. */
  workers: readonly string[];
  cameras: number;
  /** Every process on a host of its own, so that links can be cut. */
  network?: boolean;
}

/** Of a worker; so that one can take all cameras of a row. */
const DECODERS = 2;
const READY_MS = 90_000;

/** Several replicas and workers, with cameras of 640×360@10 that all stream; no analysis: pictures alone count. */
export class Several implements AsyncDisposable {
  readonly cameraIds: string[] = [];

  private constructor(
    readonly processes: ProcessFleet,
    private readonly cameras: Cameras,
  ) {}

  static async start({ clips }: Pick<BenchContext, 'clips'>, options: SeveralOptions): Promise<Several> {
    const clip = await clips.make(SMALL_SLOW);
    const processes = await ProcessFleet.start({
      replicas: options.replicas,
      network: options.network,
      startDatabase: startEmbeddedPostgres,
      env: { LOG_LEVEL: 'warn' },
    });
    const { cameras: count } = options;
    const settings = { clip, fps: SMALL_SLOW.fps, count, host: processes.home('cameras') };
    const cameras = await Cameras.start(settings).catch(async (error: unknown) => {
      await processes[Symbol.asyncDispose]();
      throw error;
    });
    const several = new Several(processes, cameras);
    try {
      for (const id of options.workers)
        await processes.addWorker(id, { DECODER_PROCESSES: String(DECODERS) });
      await several.untilOnline(options.workers.length);
      for (const [index, url] of cameras.urls.entries())
        several.cameraIds.push(await several.api(0).addCamera(`bench ${index}`, { url, faces: false }));
      for (const id of several.cameraIds) await several.api(0).startStream(id);
      await several.untilAllStream();
      return several;
    } catch (error) {
      await several[Symbol.asyncDispose]();
      throw error;
    }
  }

  api(replica: number): ApiClient {
    return new ApiClient(this.processes.replica(replica).url, this.processes.adminKey);
  }

  async untilAllStream(): Promise<void> {
    for (const id of this.cameraIds) await this.api(0).untilState(id, 'streaming');
  }

  /** Which worker has each camera. */
  async owners(): Promise<Map<string, string | null>> {
    const statuses = await Promise.all(
      this.cameraIds.map(async (id) => [id, (await this.api(0).status(id)).workerId] as const),
    );
    return new Map(statuses);
  }

  async untilOnline(count: number): Promise<void> {
    const areOnline = async () =>
      (await this.workers()).filter(({ state }) => state === 'online').length === count;
    await until(`${count} workers are online`, areOnline, READY_MS);
  }

  async workers(): Promise<WorkerView[]> {
    return WorkerPage.parse(await this.api(0).call('GET', '/api/workers')).items;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.processes[Symbol.asyncDispose]();
    this.cameras[Symbol.dispose]();
  }
}
