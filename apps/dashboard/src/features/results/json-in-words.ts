/** More than these no browser lays out at once. */
const MAX_CHARACTERS = 50_000;

/** JSON to be read: short lists, such as boxes, stay in their line. A long one is cut. */
export function jsonInWords(value: unknown): { text: string; isWhole: boolean } {
  const long = JSON.stringify(value, null, 2) ?? 'null';
  const text = long.replaceAll(
    /\[\n\s+([^[\]{}"]{1,120}?)\n\s*\]/g,
    (_, list: string) => `[${list.replaceAll(/\s+/g, ' ')}]`,
  );
  return { text: text.slice(0, MAX_CHARACTERS), isWhole: text.length <= MAX_CHARACTERS };
}
