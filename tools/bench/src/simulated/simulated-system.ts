import type { BenchContext } from '../row';
import { ApiAlone } from './api-alone';
import { insertCameras } from './cameras-by-sql';
import type { Answers } from './messages';
import { SimulatedFleet } from './simulated-fleet';

export interface SimulatedSystemOptions {
  workers: number;
  /** So many of them can be killed later. */
  mortal?: number;
}

/** One API, and simulated workers that have all registered with it. */
export class SimulatedSystem implements AsyncDisposable {
  private constructor(
    readonly api: ApiAlone,
    readonly fleet: SimulatedFleet,
    /** What it took until all of them, at once, had registered. */
    readonly joined: Answers['join'],
  ) {}

  static async start(
    context: Pick<BenchContext, 'root' | 'scratch'>,
    { workers, mortal = 0 }: SimulatedSystemOptions,
  ): Promise<SimulatedSystem> {
    const api = await ApiAlone.start(context);
    let fleet: SimulatedFleet | undefined;
    try {
      fleet = await SimulatedFleet.start({ apiUrl: api.url, workerKey: ApiAlone.workerKey, workers, mortal });
      return new SimulatedSystem(api, fleet, await fleet.order({ kind: 'join' }));
    } catch (error) {
      fleet?.[Symbol.dispose]();
      await api[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Resolves when the workers run as many new cameras. */
  async runCameras(count: number): Promise<void> {
    await insertCameras(this.api.sql, count);
    await this.fleet.order({ kind: 'untilHeld', cameras: count });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.fleet[Symbol.dispose]();
    await this.api[Symbol.asyncDispose]();
  }
}
