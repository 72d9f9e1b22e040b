import type { Member } from '@camfleet/testing';
import type { ChaosFleet } from '../chaos-fleet';
import { type Fault, repeatedly } from './fault';

const HOUR_MS = 3_600_000;
const DECODER_KILLED_EVERY_MS = 5_000;
const DECODER = /process\/child\.js/;

/** What befalls a worker's processes. */
export function workerFaults(fleet: ChaosFleet, worker: Member): Fault[] {
  const fault = (name: string, begin: Fault['begin']): Fault => ({
    name: `${name} ${worker.id}`,
    target: worker.id,
    lastsMs: [2_000, 15_000],
    begin,
  });
  const freeze = (withDecoders: boolean) => async () => {
    const goOn = fleet.freeze(worker, { withDecoders });
    return async () => goOn();
  };
  return [
    fault('kill -9', async () => {
      fleet.kill(worker);
      return () => fleet.revive(worker);
    }),
    fault('SIGSTOP the parent of', freeze(false)),
    fault('SIGSTOP all of', freeze(true)),
    fault('kill a decoder every 5 s of', async () => {
      const stop = repeatedly(DECODER_KILLED_EVERY_MS, () => {
        const [pid] = worker.program.hasEnded ? [] : worker.program.children(DECODER);
        if (pid !== undefined) process.kill(pid, 'SIGKILL');
      });
      return async () => stop();
    }),
    fault('an hour later by the clock of', async () => {
      const clock = fleet.clocks.get(worker.id);
      clock?.set(HOUR_MS);
      return async () => clock?.set(0);
    }),
  ];
}

export function replicaFaults(fleet: ChaosFleet, replica: Member): Fault[] {
  return [
    {
      name: `kill -9 ${replica.id}`,
      target: replica.id,
      lastsMs: [2_000, 15_000],
      begin: async () => {
        fleet.kill(replica);
        return () => fleet.revive(replica);
      },
    },
  ];
}
