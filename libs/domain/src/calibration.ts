export interface CalibrationPoint {
  /** Share of pairs of different people that score at least this. */
  falseMatchRate: number;
  /** Cosine. */
  score: number;
}

/**
 * How the scores of different people spread under one version of one embedder. Scores are cosines of vectors of
 * length 1; a threshold `t` on the Euclidean distance of such vectors is the cosine `1 - t² / 2`.
 */
export interface Calibration {
  impostorMean: number;
  impostorDeviation: number;
  /** On which photos it was measured, in words: how many people, photos and pairs, and how good the faces are. */
  data: string;
  /** How many pairs of different people were measured. */
  impostorPairs?: number;
  /** Measured, from frequent to rare; only as far as the pairs reach. */
  points: readonly CalibrationPoint[];
}

/** Quantile of the standard normal distribution, absolute error under 4.5e-4 (Abramowitz and Stegun 26.2.23). */
function upperQuantile(rate: number): number {
  if (rate > 0.5) return -upperQuantile(1 - rate);
  const t = Math.sqrt(-2 * Math.log(rate));
  const above = 2.515517 + t * (0.802853 + t * 0.010328);
  return t - above / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
}

interface Knot {
  quantile: number;
  score: number;
}

/** The measured points over the normal's quantile, each no easier to pass than the one before. */
function knotsOf({ impostorMean, points }: Calibration): Knot[] {
  const knots: Knot[] = [{ quantile: 0, score: impostorMean }];
  for (const { falseMatchRate, score } of [...points].sort((a, b) => b.falseMatchRate - a.falseMatchRate)) {
    const quantile = upperQuantile(falseMatchRate);
    const last = knots[knots.length - 1];
    if (last && quantile > last.quantile) knots.push({ quantile, score: Math.max(score, last.score + 1e-9) });
  }
  return knots;
}

/**
 * The score from which a pair of strangers passes with the stated probability. As far as points were measured it is
 * their curve, straight between them over the normal's quantiles. Beyond the rarest of them it is a normal tail with
 * the measured deviation, laid through that point or, where that is stricter, through the measured mean.
 * @param falseMatchRate over 0, at most 0.5
 */
export function thresholdAt(calibration: Calibration, falseMatchRate: number): number {
  const quantile = upperQuantile(Math.min(0.5, Math.max(falseMatchRate, Number.MIN_VALUE)));
  const knots = knotsOf(calibration);
  const { impostorMean, impostorDeviation } = calibration;
  const next = knots.findIndex((knot) => knot.quantile >= quantile);
  const after = knots[next];
  const before = knots[next - 1];
  if (after && before) {
    const share = (quantile - before.quantile) / (after.quantile - before.quantile);
    return before.score + share * (after.score - before.score);
  }
  if (after) return after.score;
  const last = knots[knots.length - 1] ?? { quantile: 0, score: impostorMean };
  const throughLast = last.score + (quantile - last.quantile) * impostorDeviation;
  return Math.max(throughLast, impostorMean + quantile * impostorDeviation);
}

/** The rarest rate that is told: beyond it the tail is a guess. */
const RAREST = 1e-12;

/** How likely a pair of strangers scores at least this, 1e-12 to 0.5: what `thresholdAt` is the inverse of. */
export function falseMatchRateAt(calibration: Calibration, score: number): number {
  let strict = Math.log(RAREST);
  let loose = Math.log(0.5);
  if (score <= thresholdAt(calibration, 0.5)) return 0.5;
  for (let step = 0; step < 60; step += 1) {
    const middle = (strict + loose) / 2;
    if (thresholdAt(calibration, Math.exp(middle)) >= score) strict = middle;
    else loose = middle;
  }
  return Math.exp(loose);
}

/** Fewer pairs above a score than these say little about how rare it is: ± a third at 30 (the rule of 30). */
const PAIRS_OF_A_POINT = 30;
const USUAL_RATES = [0.3, 0.1, 0.03, 0.01, 0.003, 0.001, 3e-4, 1e-4, 3e-5, 1e-5];

/**
 * What scores of pairs of different people tell of an embedder.
 * @param impostorScores cosines
 * @param data where the photos come from, in words
 */
export function calibrate(impostorScores: readonly number[], data: string): Calibration {
  const count = impostorScores.length;
  if (count < 2) throw new RangeError('At least two pairs of different people are needed.');
  const mean = impostorScores.reduce((sum, score) => sum + score, 0) / count;
  const squares = impostorScores.reduce((sum, score) => sum + (score - mean) ** 2, 0);
  const falling = [...impostorScores].sort((a, b) => b - a);
  const round = (value: number) => Math.round(value * 1e4) / 1e4;
  return {
    impostorMean: round(mean),
    impostorDeviation: round(Math.sqrt(squares / (count - 1))),
    data,
    impostorPairs: count,
    points: USUAL_RATES.filter((rate) => rate * count >= PAIRS_OF_A_POINT).map((falseMatchRate) => ({
      falseMatchRate,
      score: round(falling[Math.ceil(falseMatchRate * count) - 1] ?? 1),
    })),
  };
}
