import { type Member, signalTo } from '@camfleet/testing';
import type { ChaosFleet } from '../chaos-fleet';
import { type Fault, repeatedly } from './fault';

const HOUR_MS = 3_600_000;
const DECODER_KILLED_EVERY_MS = 5_000;
const DECODER = /process\/child\.js/;

/** What befalls a worker's processes. */
export function workerFaults(fleet: ChaosFleet, worker: Member): Fault[] {
  const fault = (kind: string, begin: Fault['begin']): Fault => ({
    kind,
    target: worker.id,
    lastsMs: [2_000, 15_000],
    begin,
  });
  const freeze = (withDecoders: boolean) => async () => {
    const goOn = fleet.freeze(worker, { withDecoders });
    return async () => goOn();
  };
  return [
    fault('kill -9 a worker', async () => {
      fleet.kill(worker);
      return () => fleet.revive(worker);
    }),
    fault("SIGSTOP a worker's parent", freeze(false)),
    fault('SIGSTOP a whole worker', freeze(true)),
    fault('kill a decoder every 5 s', async () => {
      const stop = repeatedly(DECODER_KILLED_EVERY_MS, () => {
        const [pid] = worker.program.hasEnded ? [] : worker.program.children(DECODER);
        if (pid !== undefined) signalTo(pid, 'SIGKILL');
      });
      return async () => stop();
    }),
    fault('drain a worker', async () => {
      await fleet.ask(`/api/workers/${worker.id}/drain`);
      return () => fleet.ask(`/api/workers/${worker.id}/resume`);
    }),
    fault('a clock jumps an hour', async () => {
      const clock = fleet.clocks.get(worker.id);
      clock?.set(HOUR_MS);
      return async () => clock?.set(0);
    }),
  ];
}

export function replicaFaults(fleet: ChaosFleet, replica: Member): Fault[] {
  return [
    {
      kind: 'kill -9 a replica',
      target: replica.id,
      lastsMs: [2_000, 15_000],
      begin: async () => {
        fleet.kill(replica);
        return () => fleet.revive(replica);
      },
    },
  ];
}
