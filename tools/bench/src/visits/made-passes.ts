import { join } from 'node:path';
import { type ClipSpec, CLIP_SECONDS, HD } from '../clips/bench-clip';
import { Cameras } from '../fleet/cameras';
import { Fleet } from '../fleet/fleet';
import { pauseSeconds } from '../measure/pause';
import { samplePortraits } from '../people/portraits';
import type { BenchContext } from '../row';
import { enrolFirstVisitor } from './first-visitor';
import { IdentityWatch } from './identity-watch';
import { passesOf, visitsByCamera } from './passes';
import type { SeenVisits } from './seen';

const LOOPS = 8;
/** A visit is open until nobody has come back for 5 s. */
const END_SECONDS = 8;
const MAX_STRANGERS = 8;
const PASSING: ClipSpec = { ...HD, face: 'passing' };
const HIDDEN: ClipSpec = { ...HD, face: 'hidden' };

/** Six cameras that one person passes again and again, in a library with others. */
export async function watchMadePasses(context: BenchContext): Promise<SeenVisits> {
  const portraits = await samplePortraits(join(context.root, '.models'));
  const camerasOf = async (spec: ClipSpec, count: number) =>
    Cameras.start({ clip: await context.clips.make(spec), fps: spec.fps, count });
  using passing = await camerasOf(PASSING, 4);
  using hidden = await camerasOf(HIDDEN, 2);
  await using fleet = await Fleet.start(context);
  const { api } = fleet;
  const periods = new Map<string, number>();
  const wanted = [
    ...passing.urls.map((url) => ({ url, face: PASSING.face })),
    ...hidden.urls.map((url) => ({ url, face: HIDDEN.face })),
  ];
  for (const { url, face } of wanted) {
    const id = await api.addCamera(`${face} ${periods.size}`, { url, faces: true });
    periods.set(id, CLIP_SECONDS[face]);
    await api.startStream(id);
  }
  const visitor = await enrolFirstVisitor(api);
  const enrolledAt = Date.now();
  let strangers = 0;
  for (const { person, photos } of portraits.slice(0, MAX_STRANGERS)) {
    const [photo] = photos;
    // Whoever passes is on one of the photos, too: that one is refused.
    if (photo && (await api.enrol(await api.addPerson(person), { photo })) === undefined) strangers += 1;
  }
  await using watch = new IdentityWatch(api);
  await pauseSeconds(LOOPS * Math.max(...periods.values()));
  for (const id of periods.keys()) await api.stopStream(id);
  await pauseSeconds(END_SECONDS);
  await watch.look();

  const counted = [...visitsByCamera(await api.allFaceEvents())].map(([cameraId, visits]) =>
    passesOf(visits, periods.get(cameraId) ?? NaN),
  );
  const sum = (key: 'visits' | 'passes' | 'missed') =>
    counted.reduce((total, counts) => total + counts[key], 0);
  const later = (await api.visits()).filter(
    ({ trackId, data }) => trackId !== visitor.trackId && Date.parse(String(data.firstSeenAt)) > enrolledAt,
  );
  return {
    visits: sum('visits'),
    passes: sum('passes'),
    flips: watch.flips,
    later: later.length,
    named: later.filter(({ personId }) => personId === visitor.personId).length,
    details: {
      passes: `${sum('passes')} by six cameras; two of them lose sight of the person for 2 s in the middle`,
      'passes without a visit': sum('missed'),
      'others in the library': strangers,
    },
  };
}
