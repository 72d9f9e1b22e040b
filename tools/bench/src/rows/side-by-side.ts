import { median } from '../measure/statistics';

/** Percent of a core, A and B measured by turns, so that both meet the same weather. */
export interface Pair<A, B> {
  a: A;
  b: B;
}

/** A B A B …, or B A in every second pair. */
export async function alternate<A, B>(
  pairs: number,
  measure: { a: () => Promise<A>; b: () => Promise<B> },
): Promise<Pair<A, B>[]> {
  const results: Pair<A, B>[] = [];
  for (let index = 0; index < pairs; index += 1) {
    if (index % 2 === 0) {
      const a = await measure.a();
      results.push({ a, b: await measure.b() });
    } else {
      const b = await measure.b();
      results.push({ a: await measure.a(), b });
    }
  }
  return results;
}

export const medianOf = <Item>(items: readonly Item[], read: (item: Item) => number): number =>
  median(items.map(read));
