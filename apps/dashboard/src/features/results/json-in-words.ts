/** More than these no browser lays out at once. */
const MAX_CHARACTERS = 50_000;
/** Of so many, what is left when short lists stand in one line. */
const MAX_LONG_CHARACTERS = 4 * MAX_CHARACTERS;

/** JSON to be read: short lists, such as boxes, stay in their line. A long one is cut. */
export function jsonInWords(value: unknown): { text: string; isWhole: boolean } {
  const long = JSON.stringify(value, null, 2) ?? 'null';
  const text = long
    .slice(0, MAX_LONG_CHARACTERS)
    .replaceAll(
      /\[\n\s+([^[\]{}"]{1,120}?)\n\s*\]/g,
      (_, list: string) => `[${list.replaceAll(/\s+/g, ' ')}]`,
    );
  const isWhole = long.length <= MAX_LONG_CHARACTERS && text.length <= MAX_CHARACTERS;
  return { text: text.slice(0, MAX_CHARACTERS), isWhole };
}
