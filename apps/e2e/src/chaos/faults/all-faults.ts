import type { ChaosFleet } from '../chaos-fleet';
import { cameraFaults } from './camera-faults';
import type { Fault } from './fault';
import { linkFaults } from './link-faults';
import { replicaFaults, workerFaults } from './process-faults';
import { serverFaults } from './server-faults';

/** Everything that can go wrong in this fleet. */
export function allFaults(fleet: ChaosFleet): Fault[] {
  const { disk } = fleet;
  return [
    ...fleet.workers.flatMap((worker) => workerFaults(fleet, worker)),
    ...fleet.replicas.flatMap((replica) => replicaFaults(fleet, replica)),
    ...serverFaults(fleet),
    ...linkFaults(fleet),
    ...cameraFaults(fleet),
    ...(disk
      ? [
          {
            kind: 'fill the disk of an outbox',
            target: 'disk',
            lastsMs: [4_000, 20_000] as const,
            begin: async () => {
              disk.fill();
              return async () => disk.empty();
            },
          },
        ]
      : []),
  ];
}
