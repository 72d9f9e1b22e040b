import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fetchModels, startVision } from '@camfleet/vision';
import { Fleet } from '../fleet/fleet';
import { EnrolmentTrial } from '../people/enrolment-trial';
import { portraitsOf, samplePortraits } from '../people/portraits';
import {
  blurred,
  double,
  inOtherLight,
  type Portrait,
  portrait,
  small,
  turned,
} from '../people/spoilt-photos';
import type { BenchContext, BenchRow } from '../row';

/** Of a folder: enough for hundreds of attempts, in minutes. */
const MOST = { people: 30, photos: 3 };

interface Member {
  personId: string;
  /** By the first one they are enrolled. */
  portraits: [Portrait, ...Portrait[]];
}

export const poisonedEnrolments: BenchRow = {
  number: 20,
  withoutVideo: true,
  async run(context) {
    await fetchModels({ directory: join(context.root, '.models') });
    await using fleet = await Fleet.start(context);
    const good = new EnrolmentTrial(fleet.api, 'acceptance');
    const poisoned = new EnrolmentTrial(fleet.api, 'refusal');
    const members = await enrolAll(context, { fleet, good });
    const nobodyYet = await fleet.api.addPerson('Nobody yet');
    for (const [index, { personId, portraits }] of members.entries()) {
      const [first] = portraits;
      const other = members[(index + 1) % members.length];
      if (!other || other.personId === personId) throw new Error('It takes two people at least.');
      for (const spoilt of await Promise.all([...blurred(first), ...small(first)]))
        await poisoned.offer({ personId, ...spoilt });
      const both = await double(first, other.portraits[0]);
      await poisoned.offer({ personId, kind: 'double', how: 'side by side', photo: both });
      for (const photo of await Promise.all(turned(other.portraits[0])))
        await poisoned.offer({ personId: nobodyYet, kind: 'turned', how: 'for somebody new', photo });
      for (const photo of await others(other)) {
        await poisoned.offer({ personId, kind: 'wrong', how: 'for a known person', photo });
        await poisoned.offer({ personId: nobodyYet, kind: 'wrong', how: 'for somebody new', photo });
      }
    }
    return [
      {
        name: 'poisoned enrolments accepted, of the blurred, small, double and wrong ones',
        measured: poisoned.accepted,
        target: 0,
        unit: '',
        compare: 'at most',
        details: { people: members.length, offered: poisoned.offered, ...poisoned.inWords },
      },
      {
        name: 'good photos accepted: one of each person, then others of theirs',
        measured: good.accepted / good.offered,
        target: 0.9,
        unit: '',
        compare: 'at least',
        details: good.inWords,
      },
    ];
  },
};

/** Everybody whose first photo is accepted; other good ones of theirs are offered, too. */
async function enrolAll(
  { root, scratch, faces }: BenchContext,
  { fleet: { api }, good }: { fleet: Fleet; good: EnrolmentTrial },
): Promise<Member[]> {
  const modelsDirectory = join(root, '.models');
  const directory = join(scratch, 'portraits');
  mkdirSync(directory, { recursive: true });
  const everybody = faces
    ? await portraitsOf(resolve(faces), { modelsDirectory, most: MOST })
    : await samplePortraits(modelsDirectory);
  await using vision = await startVision({ modelsDirectory });
  const members: Member[] = [];
  for (const [index, { person, photos }] of everybody.entries()) {
    const portraits: Portrait[] = [];
    for (const [number, photo] of photos.entries())
      portraits.push(await portrait(photo, { vision, scratch: directory, name: `${index}-${number}` }));
    const [first, ...further] = portraits;
    const [photo, ...furtherPhotos] = photos;
    if (!first || !photo) continue;
    const personId = await api.addPerson(person);
    const offer = { personId, how: person };
    if (!(await good.offer({ ...offer, kind: 'the first of a person', photo }))) continue;
    members.push({ personId, portraits: [first, ...further] });
    // A person of one photo: that one flipped, in other light.
    const second = furtherPhotos.length > 0 ? furtherPhotos : [await inOtherLight(first)];
    for (const more of second) await good.offer({ ...offer, kind: 'further ones', photo: more });
  }
  return members;
}

/** Photos of somebody that the library has not seen: flipped, in other light. */
function others({ portraits }: Member): Promise<Buffer[]> {
  return Promise.all(portraits.map(inOtherLight));
}
