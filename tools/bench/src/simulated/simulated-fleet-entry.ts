import { type Server, createServer } from 'node:http';
import { until } from '@camfleet/testing';
import { percentile } from '../measure/statistics';
import { sendEvents } from './event-sender';
import type { Answers, FleetSettings, Order } from './messages';
import { SimulatedWorker } from './simulated-worker';

const HELD_TIMEOUT_MS = 120_000;

/** The simulated workers, in a process of their own: `node simulated-fleet-entry.js <JSON of settings>`. */
async function main(): Promise<void> {
  const settings: FleetSettings = JSON.parse(process.argv[2] ?? '{}');
  const fleet = await Herd.gather(settings);
  process.on('message', (order: Order) => {
    fleet.obey(order).then(
      (answer) => process.send?.({ answer }),
      (error: unknown) => process.send?.({ error: String(error) }),
    );
  });
  process.once('disconnect', () => process.exit(0));
  process.send?.('ready');
}

class Herd {
  private took: number[] = [];
  private failures = 0;
  private readonly killed = new Set<SimulatedWorker>();

  private constructor(
    private readonly workers: SimulatedWorker[],
    /** Of the workers of the same place in the list. */
    private readonly servers: Server[],
  ) {}

  /** The first workers listen each for itself; the others share a server that always says that they live. */
  static async gather({ apiUrl, workerKey, workers: count, mortal }: FleetSettings): Promise<Herd> {
    const workers: SimulatedWorker[] = [];
    const servers: Server[] = [];
    const shared = await listen((path) => workers[Number(path.split('/')[1])]);
    const herd = new Herd(workers, servers);
    for (let index = 0; index < count; index += 1) {
      const own = index < mortal ? await listen(() => workers[index]) : undefined;
      if (own) servers.push(own.server);
      const publicUrl = own ? own.url : `${shared.url}/${index}`;
      const id = `sim-${String(index).padStart(5, '0')}`;
      workers.push(
        new SimulatedWorker(id, { apiUrl, workerKey, publicUrl, onBeat: (tookMs) => herd.count(tookMs) }),
      );
    }
    return herd;
  }

  obey(order: Order): Promise<Answers[Order['kind']]> {
    switch (order.kind) {
      case 'join':
        return this.join();
      case 'measure':
        return this.measure(order.seconds);
      case 'untilHeld':
        return this.untilHeld(order.cameras);
      case 'kill':
        return this.kill(order.workers);
      case 'ingest':
        return sendEvents(this.living, order);
    }
  }

  private get living(): SimulatedWorker[] {
    return this.workers.filter((worker) => !this.killed.has(worker));
  }

  private get held(): number {
    return this.living.reduce((sum, worker) => sum + worker.held.length, 0);
  }

  private count(tookMs: number): void {
    if (tookMs < 0) this.failures += 1;
    else this.took.push(tookMs);
  }

  private async join(): Promise<Answers['join']> {
    const startedAt = performance.now();
    await Promise.all(
      this.workers.map(async (worker) => {
        await worker.register();
        worker.start();
      }),
    );
    return {
      tookMs: performance.now() - startedAt,
      retries: this.workers.reduce((sum, { retries }) => sum + retries, 0),
    };
  }

  private async measure(seconds: number): Promise<Answers['measure']> {
    this.took = [];
    this.failures = 0;
    await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
    const { took, failures } = this;
    return {
      held: this.held,
      beats: took.length,
      failures,
      p50Ms: percentile(took, 0.5),
      p99Ms: percentile(took, 0.99),
      slowestMs: took.reduce((most, each) => Math.max(most, each), 0),
    };
  }

  private async untilHeld(cameras: number): Promise<Answers['untilHeld']> {
    await until(`${cameras} cameras are held`, () => this.held >= cameras, HELD_TIMEOUT_MS);
    return {
      heldAtMs: Date.now(),
      lastWakeAtMs: this.living.reduce((last, worker) => Math.max(last, worker.lastWakeAtMs), 0),
      wakes: this.living.reduce((sum, worker) => sum + worker.wakes, 0),
    };
  }

  private async kill(count: number): Promise<Answers['kill']> {
    const atMs = Date.now();
    this.servers.slice(0, count).forEach((server) => {
      server.close();
      server.closeAllConnections();
    });
    for (const worker of this.workers.slice(0, count)) {
      this.killed.add(worker);
      worker.die();
    }
    return { atMs };
  }
}

async function listen(
  whose: (path: string) => SimulatedWorker | undefined,
): Promise<{ server: Server; url: string }> {
  const server = createServer((request, response) => {
    // A simulated camera has no picture.
    const worker = request.url?.endsWith('/healthz') ? whose(request.url) : undefined;
    response.writeHead(worker ? 200 : 404).end(JSON.stringify({ instanceId: worker?.instanceId }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return { server, url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}` };
}

void main();
