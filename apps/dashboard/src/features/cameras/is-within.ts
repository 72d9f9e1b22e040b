/** Whether what was typed is a number between two others, both included. */
export function isWithin(typed: number | string, { least, most }: { least: number; most: number }): boolean {
  return typed !== '' && Number(typed) >= least && Number(typed) <= most;
}
