import type { ChaosFleet } from '../chaos-fleet';
import type { Fault } from './fault';

interface Line {
  kind: string;
  target: string;
  /** Addresses of its two sides; each of the first loses each of the second. */
  from: string;
  to: readonly string[];
}

/** Cut lines: open connections stay open and hear nothing. */
export function linkFaults(fleet: ChaosFleet): Fault[] {
  const { processes, replicas, workers } = fleet;
  const lines: Line[] = [
    ...workers.flatMap(({ id, address }) => [
      { kind: 'cut a worker off the API', target: id, from: address, to: replicas.map((one) => one.address) },
      { kind: 'cut a worker off Redis', target: id, from: address, to: [processes.home('redis')] },
    ]),
    ...replicas.map(({ id, address }) => ({
      kind: 'cut a replica off PostgreSQL',
      target: id,
      from: address,
      to: [processes.home('database')],
    })),
  ];
  return lines.map(({ kind, target, from, to }) => ({
    kind,
    target,
    lastsMs: [2_000, 20_000],
    begin: async () => {
      for (const other of to) processes.network.cut(from, other);
      return async () => {
        for (const other of to) processes.network.heal(from, other);
      };
    },
  }));
}
