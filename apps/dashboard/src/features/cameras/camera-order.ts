import type { Camera } from '@camfleet/protocol';

const byName = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

/** Where cameras without a number stand. */
const LAST = Number.MAX_SAFE_INTEGER;

/** By number, then by name; never by state, so that nothing moves while it is looked at. */
export function inWallOrder(cameras: readonly Camera[]): Camera[] {
  return [...cameras].sort(
    (a, b) =>
      (a.number ?? LAST) - (b.number ?? LAST) || byName.compare(a.name, b.name) || a.id.localeCompare(b.id),
  );
}
