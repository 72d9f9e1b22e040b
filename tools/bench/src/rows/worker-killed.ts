import { median, p95 } from '../measure/statistics';
import type { BenchRow } from '../row';
import { failoverWaits } from './failover';

const KILLS = 8;

export const workerKilled: BenchRow = {
  number: 9,
  async run(context) {
    const waits = await failoverWaits(context, {
      rounds: KILLS,
      strike: (_, worker) => {
        worker.program.signal('SIGKILL');
        return async () => {
          await worker.program.exited;
          worker.start();
        };
      },
    });
    return [
      {
        name: 'worker killed (kill -9) → a viewer’s first picture from another (640×360@10, a keyframe each second), p95',
        measured: p95(waits) / 1000,
        target: 3,
        unit: 's',
        compare: 'at most',
        details: {
          kills: KILLS,
          n: waits.length,
          median: median(waits) / 1000,
          slowest: Math.max(...waits) / 1000,
        },
      },
    ];
  },
};
