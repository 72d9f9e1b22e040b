import { Gathering } from './gathering';

/** A round that ends when it is told to. */
function manual() {
  const rounds: { items: string[]; end: (results?: string[]) => void; fail: (error: Error) => void }[] = [];
  const work = (items: string[]) =>
    new Promise<string[]>((resolve, reject) => {
      rounds.push({ items, end: (results = items) => resolve(results), fail: reject });
    });
  const begun = async (count: number) => {
    while (rounds.length < count) await new Promise((resolve) => setImmediate(resolve));
    return rounds[count - 1];
  };
  return { rounds, work, begun };
}

describe('gathering', () => {
  it('does together what is asked in the same moment, and the next while one is under way', async () => {
    const { rounds, work, begun } = manual();
    const gathering = new Gathering(work, { maxItems: 10 });
    const first = Promise.all([gathering.do('a'), gathering.do('b')]);
    (await begun(1))?.end(['A', 'B']);
    expect(await first).toEqual(['A', 'B']);
    const second = [gathering.do('c')];
    await begun(2);
    second.push(gathering.do('d'), gathering.do('e'));
    rounds[1]?.end();
    (await begun(3))?.end();
    expect(await Promise.all(second)).toEqual(['c', 'd', 'e']);
    expect(rounds.map(({ items }) => items)).toEqual([['a', 'b'], ['c'], ['d', 'e']]);
  });

  it('takes no more into a round than allowed, and no key twice, and loses none of the rest', async () => {
    const { rounds, work, begun } = manual();
    const gathering = new Gathering(work, { maxItems: 2, keyOf: (item) => item });
    const all = Promise.all(['a', 'a', 'b', 'c'].map((item) => gathering.do(item)));
    for (const count of [1, 2]) (await begun(count))?.end();
    expect(await all).toEqual(['a', 'a', 'b', 'c']);
    expect(rounds.map(({ items }) => items)).toEqual([
      ['a', 'b'],
      ['a', 'c'],
    ]);
  });

  it('fails those of a round that fails, and goes on with the next', async () => {
    const { work, begun } = manual();
    const gathering = new Gathering(work, { maxItems: 1 });
    const [bad, good] = [gathering.do('bad'), gathering.do('good')];
    const refused = expect(bad).rejects.toThrow('away');
    (await begun(1))?.fail(new Error('away'));
    await refused;
    (await begun(2))?.end();
    expect(await good).toBe('good');
  });
});
