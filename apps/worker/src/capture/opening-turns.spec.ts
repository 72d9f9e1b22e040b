import { OpeningTurns } from './opening-turns';

/** Lets everything run that needs no timer. */
const settle = () => new Promise((resolve) => setImmediate(resolve));
const { signal } = new AbortController();

describe('the turns at opening sources', () => {
  const opening: number[] = [];
  beforeEach(() => void opening.splice(0));

  const take = (turns: OpeningTurns, camera: number, until = signal) =>
    turns.take(until).then((turn) => {
      if (turn) opening.push(camera);
      return turn;
    });

  it('lets some open at once, and the others in their order: a switch that comes back brings them all', async () => {
    const turns = new OpeningTurns({ atOnce: 2, maxHoldMs: 60_000 });
    const held = [1, 2, 3, 4].map((camera) => take(turns, camera));
    await settle();
    expect(opening).toEqual([1, 2]);
    for (const turn of held) {
      (await turn)?.[Symbol.dispose]();
      await settle();
    }
    expect(opening).toEqual([1, 2, 3, 4]);
  });

  it('does not wait for a camera that hangs: the others would be dark for seconds', async () => {
    const turns = new OpeningTurns({ atOnce: 1, maxHoldMs: 1 });
    const hanging = await take(turns, 1);
    const next = take(turns, 2);
    await next;
    // The late end of the hanging one is no second turn.
    hanging?.[Symbol.dispose]();
    const third = take(turns, 3);
    await settle();
    expect(opening).toEqual([1, 2]);
    (await next)?.[Symbol.dispose]();
    (await third)?.[Symbol.dispose]();
  });

  it('passes over a camera that was stopped meanwhile', async () => {
    const turns = new OpeningTurns({ atOnce: 1, maxHoldMs: 60_000 });
    const first = await take(turns, 1);
    const stopped = new AbortController();
    const second = take(turns, 2, stopped.signal);
    const third = take(turns, 3);
    stopped.abort();
    expect(await second).toBeUndefined();
    first?.[Symbol.dispose]();
    (await third)?.[Symbol.dispose]();
    expect(opening).toEqual([1, 3]);
  });
});
