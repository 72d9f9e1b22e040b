import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FeedPart, feedPart } from './feed-part';

const NAMES = ['starting', 'reconnecting', 'waiting', 'moving'] as const;
export type SlateName = (typeof NAMES)[number];

/** The API has no codec: its slates are pictures drawn when the project was built. A worker draws its own. */
const JPEGS = new Map(
  NAMES.map((name) => [name, readFileSync(join(__dirname, '../../assets/slates', `${name}.jpg`))]),
);

/** A picture that says why there is none from the camera. */
export function slatePart(name: SlateName): FeedPart {
  const jpeg = JPEGS.get(name);
  if (!jpeg) throw new Error(`There is no slate ${name}.`);
  return feedPart({ jpeg, timestampMs: Date.now(), slate: true });
}
