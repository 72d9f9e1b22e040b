/** Bright enough before any picture, and apart from each other. */
const COLORS = ['#ffd43b', '#4dabf7', '#69db7c', '#ff922b', '#da77f2', '#3bc9db', '#ff8787', '#a9e34b'];
/** What is seen most often never shares a colour. */
const COMMON = ['face', 'person', 'car', 'truck', 'bus', 'motorcycle', 'bicycle', 'dog'];

/** One colour a label, the same on every page. */
export function labelColor(label: string): string {
  const known = COMMON.indexOf(label);
  return COLORS[known === -1 ? hashOf(label) % COLORS.length : known] ?? '#ffd43b';
}

function hashOf(label: string): number {
  let hash = 7;
  for (const letter of label) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) % 10_007;
  return hash;
}
