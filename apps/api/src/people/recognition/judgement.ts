import { type Calibration, thresholdAt } from '@camfleet/domain';

/** A person who resembles what is judged. */
export interface Resemblance {
  personId: string;
  /** The cosine of their nearest face. */
  score: number;
  /** Of the nearest face that was said not to be theirs. */
  negativeScore?: number;
}

export interface Thresholds {
  /** A person's name is given from here. */
  person: number;
  /** The best person must be nearer by this than the second best. */
  margin: number;
  /** A face that is to be enrolled is taken for somebody else's from here. */
  other: number;
  /** Unknown faces are taken for one person's from here. */
  group: number;
}

/**
 * Of 10,000 strangers one is given a name, whatever the number of people: by the calibration's photos. Two people before
 * one bad camera are more alike than two on good photos.
 */
const FALSE_NAMES = 1e-4;
/** Of 10,000 pairs of strangers one is taken for a mix-up: a human may insist. */
const FALSE_OTHERS = 1e-4;
/**
 * Of 10,000 strangers one is put into a group that is not theirs, of a hundred groups: each is compared with all of
 * them. A group is seen by a human before it bears a name.
 */
const FALSE_GROUPS = 1e-4 / 100;
/** In deviations of strangers' scores: whom chance alone would set apart less is not told from the other. */
const MARGIN_DEVIATIONS = 0.5;

/** What a model's scores mean among so many people; `null` without a calibration: nobody is given a name. */
export function thresholdsOf(calibration: Calibration | null, people: number): Thresholds | null {
  if (!calibration) return null;
  return {
    person: thresholdAt(calibration, FALSE_NAMES / Math.max(1, people)),
    margin: MARGIN_DEVIATIONS * calibration.impostorDeviation,
    other: thresholdAt(calibration, FALSE_OTHERS),
    group: thresholdAt(calibration, FALSE_GROUPS),
  };
}

export interface Verdict {
  personId: string;
  score: number;
}

/**
 * The person whose face is nearest, when it is near enough and nobody else's is nearly as near. Whoever has a
 * negative face at least as near as their nearest own one, or is among `excluded`, is out of the question.
 */
export function judge(
  resemblances: readonly Resemblance[],
  { person, margin }: Pick<Thresholds, 'person' | 'margin'>,
  excluded: readonly string[] = [],
): Verdict | null {
  const [first, second] = candidates(resemblances, excluded);
  if (!first || first.score < person) return null;
  return second && first.score - second.score < margin ? null : first;
}

/** Everybody in question, best first. */
export function candidates(
  resemblances: readonly Resemblance[],
  excluded: readonly string[] = [],
): Verdict[] {
  return resemblances
    .filter(({ score, negativeScore = -Infinity }) => score > negativeScore)
    .filter(({ personId }) => !excluded.includes(personId))
    .map(({ personId, score }) => ({ personId, score }))
    .sort((a, b) => b.score - a.score);
}
