/** Under the threshold, up to this far, faces still resemble each other more than strangers mostly do. */
const LIKELY_FROM = 0.85;
const MAYBE_FROM = 0.65;

/**
 * How sure a score is. `threshold`: the score from which a face is given a name by itself, by the model's calibration;
 * without one a number is all that can be said.
 * @param score the cosine, -1 to 1
 */
export function scoreInWords(score: number, threshold: number | null | undefined): string {
  if (threshold === null || threshold === undefined) return `Likeness ${score.toFixed(2)}`;
  if (score >= threshold) return 'Very likely';
  if (score >= threshold * LIKELY_FROM) return 'Likely';
  return score >= threshold * MAYBE_FROM ? 'Maybe' : 'Hardly';
}

/** The colour that goes with {@link scoreInWords}, never alone. */
export function scoreColor(score: number, threshold: number | null | undefined): string {
  const words = scoreInWords(score, threshold);
  return words === 'Very likely' ? 'green' : words === 'Likely' ? 'blue' : 'gray';
}
