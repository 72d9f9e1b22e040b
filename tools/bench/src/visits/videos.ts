import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { Fleet } from '../fleet/fleet';
import type { BenchContext } from '../row';
import { enrolFirstVisitor } from './first-visitor';
import { IdentityWatch } from './identity-watch';
import { visitsByCamera } from './passes';
import type { SeenVisits } from './seen';

const AT_ONCE = 4;
/** Of one video. */
const PLAYED_WITHIN_MS = 60 * 60_000;

/** How many visits each file shows. */
const Truth = z.record(z.string(), z.number().int().min(0));

/** Each video of a folder once, as a camera; `visits.json` there says how many visits it shows. */
export async function watchVideos(
  context: BenchContext & { videos: string },
  directory = resolve(context.videos),
): Promise<SeenVisits> {
  const truth = Truth.parse(JSON.parse(await readFile(join(directory, 'visits.json'), 'utf8')));
  await using fleet = await Fleet.start(context, { MEDIA_DIR: directory });
  const { api } = fleet;
  await using watch = new IdentityWatch(api);
  const visitor = enrolFirstVisitor(api).then(
    (found) => ({ ...found, atMs: Date.now() }),
    () => undefined,
  );
  const fileOf = new Map<string, string>();
  const waiting = Object.keys(truth);
  const play = async () => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      const id = await api.addCamera(file, { url: `file:${encodeURIComponent(file)}`, faces: true });
      fileOf.set(id, file);
      await api.startStream(id);
      await api.untilState(id, 'streaming');
      await api.untilState(id, 'stopped', PLAYED_WITHIN_MS);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, play));
  const enrolled = await visitor;
  await watch.look();

  const events = await api.allFaceEvents();
  const told = visitsByCamera(events);
  const files = [...fileOf].map(([id, file]) => ({
    file,
    shown: truth[file] ?? 0,
    told: told.get(id)?.length ?? 0,
  }));
  const sum = (key: 'shown' | 'told') => files.reduce((total, counts) => total + counts[key], 0);
  const later = events.filter(
    ({ state, trackId, occurredAt }) =>
      enrolled && state === 'new' && trackId !== enrolled.trackId && Date.parse(occurredAt) > enrolled.atMs,
  );
  const named = later.filter(({ personId }) => personId === enrolled?.personId);
  const fileNames = (found: typeof later) =>
    found.map(({ cameraId = '' }) => fileOf.get(cameraId)).join(', ') || 'none';
  const apart = files.filter((counts) => counts.told !== counts.shown);
  return {
    visits: sum('told'),
    passes: sum('shown'),
    flips: watch.flips,
    later: later.length,
    named: named.length,
    details: {
      videos: files.length,
      'the first visitor was enrolled from': fileNames(
        events.filter(({ trackId, state }) => state === 'new' && trackId === enrolled?.trackId),
      ),
      'later visits with that name': fileNames(named),
      'without it': fileNames(later.filter((visit) => !named.includes(visit))),
      'other counts than shown':
        apart.map((counts) => `${counts.file} ${counts.told} for ${counts.shown}`).join(', ') || 'none',
    },
  };
}
