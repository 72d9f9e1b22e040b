import { networkIsMissing } from '@camfleet/testing';
import { median, p95 } from '../measure/statistics';
import type { BenchRow } from '../row';
import { failoverWaits } from './failover';

const CUTS = 6;
const LEASE_S = 5;

export const workerUnreachable: BenchRow = {
  number: 10,
  async run(context) {
    const missing = networkIsMissing();
    if (missing !== undefined) throw new Error(missing);
    const waits = await failoverWaits(context, {
      rounds: CUTS,
      network: true,
      strike: ({ processes }, worker) => {
        const others = [
          ...processes.replicas.map(({ address }) => address),
          processes.home('redis'),
          processes.home('cameras'),
        ];
        for (const other of others) processes.network.cut(worker.address, other);
        return async () => {
          for (const other of others) processes.network.heal(worker.address, other);
        };
      },
    });
    return [
      {
        name: `worker unreachable (its line cut) → a viewer’s first picture from another, lease ${LEASE_S} s, p95`,
        measured: p95(waits) / 1000,
        target: LEASE_S + 2,
        unit: 's',
        compare: 'at most',
        details: {
          cuts: CUTS,
          n: waits.length,
          median: median(waits) / 1000,
          slowest: Math.max(...waits) / 1000,
        },
      },
    ];
  },
};
