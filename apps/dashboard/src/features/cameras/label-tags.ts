type Labels = Readonly<Record<string, string>>;

/** `{ gpu: 'true' }` → `['gpu=true']`. */
export const tagsOf = (labels: Labels): string[] =>
  Object.entries(labels).map(([name, value]) => `${name}=${value}`);

/** The inverse of {@link tagsOf}; of one name written twice the later counts. A value may hold `=`. */
export function labelsOf(tags: readonly string[]): Record<string, string> {
  return Object.fromEntries(tags.map(split));
}

/** What is wrong with the first tag that is no label; `undefined` when all are. */
export function wrongTag(tags: readonly string[]): string | undefined {
  const wrong = tags.find((tag) => !tag.includes('=') || split(tag)[0] === '');
  return wrong === undefined ? undefined : `«${wrong}» is not written as name=value`;
}

function split(tag: string): [string, string] {
  const at = tag.indexOf('=');
  return at < 0 ? [tag.trim(), ''] : [tag.slice(0, at).trim(), tag.slice(at + 1).trim()];
}
