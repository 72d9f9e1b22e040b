import type { Member } from '@camfleet/testing';
import { Several } from '../fleet/several';
import { pause } from '../measure/pause';
import type { BenchContext } from '../row';
import { apiFeed } from '../viewing/feed';
import { fleetNowMs } from '../viewing/now';
import { Watcher } from '../viewing/watcher';

export interface Failover {
  rounds: number;
  network?: boolean;
  /** Takes the worker away; what it answers brings it back. */
  strike(fleet: Several, worker: Member): () => Promise<void>;
}

const WORKERS = ['w1', 'w2', 'w3'];
const CAMERAS = 12;
const NEW_PICTURE_WITHIN_MS = 30_000;
/** What was on its way from the old worker when it was struck has come in by then. */
const IN_FLIGHT_MS = 150;
const SETTLE_MS = 3_000;

/** For each camera of a worker that is taken away: ms until a viewer has the first picture of another one. */
export async function failoverWaits(
  context: BenchContext,
  { rounds, network, strike }: Failover,
): Promise<number[]> {
  await using fleet = await Several.start(context, {
    replicas: 1,
    workers: WORKERS,
    cameras: CAMERAS,
    network,
  });
  const waits: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const { worker, cameraIds } = await busiest(fleet);
    const watchers = cameraIds.map((id) => new Watcher(apiFeed({ api: fleet.api(0) }, id, 'width=640')));
    try {
      await Promise.all(watchers.map((one) => one.firstTakenAfter(fleetNowMs(), NEW_PICTURE_WITHIN_MS)));
      await pause(Math.random() * 1_000);
      const struckAtMs = fleetNowMs();
      const bringBack = strike(fleet, worker);
      const firsts = watchers.map((one) =>
        one.firstTakenAfter(struckAtMs + IN_FLIGHT_MS, NEW_PICTURE_WITHIN_MS),
      );
      waits.push(...(await Promise.all(firsts)).map(({ atMs }) => atMs - struckAtMs));
      context.say(`${worker.id}: ${waits.slice(-cameraIds.length).map(Math.round).join(' ')} ms`);
      await bringBack();
    } finally {
      for (const watcher of watchers) watcher[Symbol.dispose]();
    }
    await fleet.untilOnline(WORKERS.length);
    await pause(SETTLE_MS);
    await fleet.untilAllStream();
  }
  return waits;
}

/** The worker with most cameras, and those. */
async function busiest(fleet: Several): Promise<{ worker: Member; cameraIds: string[] }> {
  const owners = await fleet.owners();
  const camerasOf = (id: string) =>
    [...owners].flatMap(([cameraId, owner]) => (owner === id ? [cameraId] : []));
  const [most = ''] = [...WORKERS].sort((a, b) => camerasOf(b).length - camerasOf(a).length);
  return { worker: fleet.processes.worker(most), cameraIds: camerasOf(most) };
}
