/** Numbers of a head as 0 to 1. What is no number counts as 0. */
export function confidences(values: Float32Array, activation: 'none' | 'softmax' | 'sigmoid'): number[] {
  const numbers = Array.from(values, (value) => (Number.isNaN(value) ? -Infinity : value));
  if (activation === 'none') return numbers.map((value) => Math.min(1, Math.max(0, value)));
  if (activation === 'sigmoid') return numbers.map((value) => 1 / (1 + Math.exp(-value)));
  // Of the largest, so that nothing overflows.
  const largest = Math.max(...numbers.filter((value) => value !== -Infinity));
  const powers = numbers.map((value) => Math.exp(value - largest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => (sum > 0 ? power / sum : 0));
}
