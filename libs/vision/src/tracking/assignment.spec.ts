import { assign } from './assignment';

/** All ways to give columns to rows, the slow way: as many pairs as may be, then the least cost. */
function bruteForce(costs: readonly (readonly (number | undefined)[])[]): { pairs: number; cost: number } {
  let best = { pairs: 0, cost: 0 };
  const visit = (row: number, taken: readonly number[], state: { pairs: number; cost: number }) => {
    if (state.pairs > best.pairs || (state.pairs === best.pairs && state.cost < best.cost)) best = state;
    if (row === costs.length) return;
    visit(row + 1, taken, state);
    costs[row]?.forEach((cost, column) => {
      if (cost === undefined || taken.includes(column)) return;
      visit(row + 1, [...taken, column], { pairs: state.pairs + 1, cost: state.cost + cost });
    });
  };
  visit(0, [], best);
  return best;
}

describe('assign', () => {
  it('is as good as trying all, with pairs that may not be, wide and tall', () => {
    let state = 7;
    const random = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
    for (let round = 0; round < 300; round += 1) {
      const [rows, columns] = [1 + Math.floor(random() * 5), 1 + Math.floor(random() * 5)];
      const costs = Array.from({ length: rows }, () =>
        Array.from({ length: columns }, () => (random() < 0.3 ? undefined : random())),
      );
      const pairs = [...assign(costs)];
      const cost = pairs.reduce((sum, [row, column]) => sum + (costs[row]?.[column] ?? NaN), 0);
      expect(new Set(pairs.map(([, column]) => column)).size).toBe(pairs.length);
      const best = bruteForce(costs);
      expect([pairs.length, cost]).toEqual([best.pairs, expect.closeTo(best.cost, 9)]);
    }
  });

  it('has nothing to give where there is nothing', () => {
    expect(assign([]).size).toBe(0);
    expect(assign([[], []]).size).toBe(0);
  });
});
