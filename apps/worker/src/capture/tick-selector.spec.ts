import { TickSelector } from './tick-selector';

/** For each frame the demands that are due. */
function run(frames: number, sourceFps: number | undefined, demands: Record<string, number>): string[][] {
  const selector = new TickSelector();
  const rates = new Map(Object.entries(demands));
  return Array.from({ length: frames }, () => [...selector.select(rates, sourceFps)]);
}

const count = (frames: string[][], id: string) => frames.filter((due) => due.includes(id)).length;

describe('TickSelector', () => {
  it.each([
    [25, 10],
    [15, 10],
    [30, 7],
    [12, 5],
  ])('gives a viewer of a %i fps camera the %i a second that were asked for', (sourceFps, wanted) => {
    expect(
      Math.abs(count(run(sourceFps * 10, sourceFps, { view: wanted }), 'view') - wanted * 10),
    ).toBeLessThanOrEqual(1);
  });

  it('gives every frame to who wants more than there are', () => {
    expect(count(run(100, 10, { view: 25 }), 'view')).toBe(100);
  });

  it('analyses as often as it should while somebody wants more pictures than the camera gives', () => {
    const frames = run(100, 10, { view: 25, analysis: 5 });
    expect(Math.abs(count(frames, 'analysis') - 50)).toBeLessThanOrEqual(1);
  });

  it.each([5, 4, 3])('analyses %i a second on frames that are shown anyway', (fps) => {
    const frames = run(250, 25, { view: 10, analysis: fps });
    expect(frames.filter((due) => due.includes('analysis') && !due.includes('view'))).toEqual([]);
    expect(Math.abs(count(frames, 'analysis') - fps * 10)).toBeLessThanOrEqual(1);
  });

  it('shows a new viewer the very next frame', () => {
    const selector = new TickSelector();
    selector.select(new Map([['a', 1]]), 25);
    selector.select(new Map([['a', 1]]), 25);
    expect(selector.select(new Map(Object.entries({ a: 1, b: 1 })), 25).has('b')).toBe(true);
  });

  it('does nothing when nobody asks', () => {
    expect(run(10, 25, {}).flat()).toEqual([]);
  });
});
