import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from '../faults/fault';
import type { History } from '../history';
import type { Planned, Round } from './schedule';

/** Begins and ends every fault of the round at its time; resolves when the last one has ended. */
export async function carryOut({ plan, lastsMs }: Round<Fault>, history: History): Promise<void> {
  await Promise.all([...plan.map((planned) => carryOutOne(planned, history)), sleep(lastsMs)]);
}

async function carryOutOne({ fault, startMs, endMs }: Planned<Fault>, history: History): Promise<void> {
  await sleep(startMs);
  history.note('begin', { fault: fault.kind, of: fault.target });
  const end = await fault.begin();
  await sleep(endMs - startMs);
  await end();
  history.note('end', { fault: fault.kind, of: fault.target });
}
