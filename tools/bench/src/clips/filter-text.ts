/** A path in the language of FFmpeg's filters. Twice: for the option's value, and for the description of the filters. */
export function escaped(path: string): string {
  const inOption = path.replace(/[\\':]/g, '\\$&');
  return inOption.replace(/[\\'[\],; ]/g, '\\$&');
}
