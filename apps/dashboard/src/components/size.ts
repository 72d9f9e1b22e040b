const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'] as const;

/** `340 KB`, `1.4 GB`: in steps of a thousand, as systems write the sizes of files. */
export function sizeInWords(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const value = bytes / 1000 ** power;
  const digits = power > 0 && value < 9.95 ? 1 : 0;
  return `${value.toFixed(digits)}\u00a0${UNITS[power] ?? ''}`;
}
