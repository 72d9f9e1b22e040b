const compact = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 3 });

/** What one camera of 1280 × 720 at 15 pictures a second needs. */
const HD_PIXELS_PER_SECOND = 1280 * 720 * 15;

/** `83 million pixels a second: about 6 cameras in HD`. */
export function pixelsInWords(pixelsPerSecond: number): string {
  const cameras = Math.floor(pixelsPerSecond / HD_PIXELS_PER_SECOND);
  const amount = `${compact.format(pixelsPerSecond / 1e6)} million pixels a second`;
  return cameras < 1
    ? amount
    : `${amount}: about ${cameras} ${cameras === 1 ? 'camera' : 'cameras'} in HD at 15 fps`;
}

/** `cpuCount` → `Cpu count`. */
export function wordsOfName(name: string): string {
  const words = name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/[_-]+/g, ' ')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Any JSON value on one line. */
export function valueInWords(value: unknown): string {
  if (typeof value === 'number') return compact.format(value);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(valueInWords).join(', ');
  if (typeof value === 'object' && value !== null)
    return Object.entries(value)
      .map(([name, entry]) => `${wordsOfName(name)} ${valueInWords(entry)}`)
      .join(', ');
  return '–';
}
