import { secondsInWords } from '../../components/time';
import type { CameraMove, WorkerHappening } from './fleet-log';

const HAPPENINGS: Readonly<Record<WorkerHappening, string>> = {
  joined: 'joined the fleet',
  suspect: 'does not answer',
  back: 'answers again',
  lost: 'was lost',
  draining: 'hands its cameras over',
  drained: 'has handed everything over',
  resumed: 'takes cameras again',
  removed: 'was removed',
};

export const happeningInWords = (happening: WorkerHappening) => HAPPENINGS[happening];

/** How a move ended: `to hall, live again after 1.4 s`. */
export function moveInWords(move: CameraMove, workerName: (id: string) => string): string {
  const { from, to, liveAfterMs, recorded } = move;
  if (to === null) return 'waits for a worker';
  const where = to === from ? 'again here' : `to ${workerName(to)}`;
  if (liveAfterMs === undefined) return recorded ? where : `${where}, starting`;
  return liveAfterMs === 0
    ? `${where}, without a gap`
    : `${where}, live again after ${secondsInWords(liveAfterMs)}`;
}
