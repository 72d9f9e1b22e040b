import type { FaceEntry, FaceIndex, FaceKey, GroupFace, PersonFace, VisitFace } from './face-index';

/** An index, and the way that faces come into it. */
export interface OpenIndex {
  index: FaceIndex;
  write(entries: FaceEntry[]): Promise<void>;
  erase(keys: FaceKey[]): Promise<void>;
}

const MODEL = { model: 'arc', version: '1' };

export function vector(...values: number[]): Float32Array {
  return Float32Array.from(values);
}

export function personFace(id: string, ownerId: string, more: Partial<PersonFace> = {}): PersonFace {
  return { kind: 'person', id, ownerId, tenantId: 't', ...MODEL, vector: vector(1, 0, 0), ...more };
}

export function visit(id: string, more: Partial<VisitFace> = {}): VisitFace {
  const where = { cameraId: 'door', atMs: 1_000 };
  return {
    kind: 'visit',
    id,
    ownerId: null,
    tenantId: 't',
    ...MODEL,
    ...where,
    vector: vector(1, 0, 0),
    ...more,
  };
}

export function group(id: string, more: Partial<GroupFace> = {}): GroupFace {
  return { kind: 'group', id, tenantId: 't', ...MODEL, vector: vector(1, 0, 0), ...more };
}

/** What every adapter of {@link FaceIndex} must do; `open` gives one that is empty. */
export function faceIndexContract(open: () => Promise<OpenIndex>): void {
  let index: FaceIndex;
  let write: OpenIndex['write'];
  let erase: OpenIndex['erase'];
  const all = { tenantId: 't', ...MODEL, vector: vector(1, 0, 0), limit: 10 };
  const visits = { kind: 'visit', ...all } as const;
  const persons = { kind: 'person', ...all } as const;
  const ids = async (found: ReturnType<FaceIndex['search']>) => (await found).map(({ id }) => id);

  beforeEach(async () => {
    ({ index, write, erase } = await open());
  });
  afterEach(() => index.close());

  it('finds nobody where nobody is', async () => {
    expect(await index.search(visits)).toEqual([]);
    expect(await index.search(persons)).toEqual([]);
  });

  it('scores by the cosine, best first, whatever the length of a vector', async () => {
    await write([
      visit('half', { vector: vector(1, Math.sqrt(3), 0) }),
      visit('opposite', { vector: vector(-2, 0, 0) }),
      visit('same', { vector: vector(3, 0, 0), ownerId: 'ada' }),
    ]);
    const hits = await index.search({ ...visits, vector: vector(0.5, 0, 0) });
    expect(hits.map(({ id, ownerId }) => [id, ownerId])).toEqual([
      ['same', 'ada'],
      ['half', null],
      ['opposite', null],
    ]);
    [1, 0.5, -1].forEach((score, place) => expect(hits[place]?.score).toBeCloseTo(score, 5));
  });

  it('gives one hit a person, by the best of its faces', async () => {
    await write([
      personFace('ada-far', 'ada', { vector: vector(0, 1, 0) }),
      personFace('ada-near', 'ada', { vector: vector(1, 0.1, 0) }),
      personFace('bob', 'bob', { vector: vector(1, 1, 0) }),
    ]);
    expect(await ids(index.search({ ...persons, limit: 2 }))).toEqual(['ada-near', 'bob']);
  });

  it('tells how near a face comes that a person is not, and never finds the person by it', async () => {
    await write([
      personFace('ada', 'ada', { vector: vector(1, 1, 0) }),
      personFace('not-ada', 'ada', { isNegative: true }),
      personFace('not-bob', 'bob', { isNegative: true }),
    ]);
    const hits = await index.search(persons);
    expect(hits.map(({ id }) => id)).toEqual(['ada']);
    expect(hits[0]?.negativeScore).toBeCloseTo(1, 5);
    expect(hits[0]?.score).toBeCloseTo(Math.SQRT1_2, 5);
  });

  it('fills the limit with those that pass the filters', async () => {
    const near = Array.from({ length: 300 }, (_, n) => visit(`near-${n}`, { vector: vector(1, n / 1e4, 0) }));
    const far = ['a', 'b', 'c'].map((id, n) =>
      visit(id, {
        vector: vector(0, 1, n / 10),
        cameraId: 'yard',
        atMs: 5_000 + n,
        ownerId: n === 2 ? 'ada' : null,
      }),
    );
    await write([...near, ...far]);
    const found = (more: object) =>
      ids(index.search({ ...visits, limit: 2, vector: vector(1, 0.01, 0), ...more }));
    expect(await found({ cameraId: 'yard' })).toEqual(['a', 'b']);
    expect(await found({ cameraId: 'nowhere' })).toEqual([]);
    expect(await found({ fromMs: 5_001 })).toEqual(['b', 'c']);
    expect(await found({ fromMs: 5_000, toMs: 5_001 })).toEqual(['a']);
    expect(await found({ fromMs: 5_001, unowned: true })).toEqual(['b']);
    expect(await found({ minScore: 0.9, cameraId: 'yard' })).toEqual([]);
  });

  it('leaves out what scores lower than asked', async () => {
    await write([
      visit('same'),
      visit('near', { vector: vector(1, 0.5, 0) }),
      visit('far', { vector: vector(0, 1, 0) }),
    ]);
    expect(await ids(index.search({ ...visits, minScore: 0.5 }))).toEqual(['same', 'near']);
  });

  it('finds groups', async () => {
    await write([group('far', { vector: vector(0, 1, 0) }), group('near'), visit('near')]);
    expect(await index.search({ ...all, kind: 'group' })).toMatchObject([
      { id: 'near', ownerId: null },
      { id: 'far', ownerId: null },
    ]);
  });

  it('never compares models, versions or tenants, nor persons with visits', async () => {
    await write([
      visit('other-model', { model: 'sphere' }),
      visit('other-version', { version: '2' }),
      visit('ours', { tenantId: 'u', vector: vector(0, 1, 0) }),
      personFace('ours', 'ada', { vector: vector(0, 1, 0) }),
      visit('ours'),
    ]);
    const found = await index.search(visits);
    expect(found.map(({ id, score }) => [id, Math.round(score)])).toEqual([['ours', 1]]);
    expect(await index.search(persons)).toMatchObject([{ id: 'ours', ownerId: 'ada' }]);
  });

  it('keeps models of different sizes beside each other', async () => {
    await write([visit('three'), visit('two', { model: 'small', vector: vector(0, 1) })]);
    expect(await ids(index.search({ ...visits, model: 'small', vector: vector(1, 1) }))).toEqual(['two']);
  });

  it('refuses a query of another size than its model has', async () => {
    await write([visit('three')]);
    const asked = index.search({ ...visits, vector: vector(1, 0) });
    await expect(asked).rejects.toMatchObject({ code: 'FACE_DIMENSIONS_MISMATCH' });
  });

  it.each([
    ['not a number', vector(1, NaN, 0)],
    ['infinite', vector(1, Infinity, 0)],
    ['zero', vector(0, 0, 0)],
    ['nothing', vector()],
    ['more than 4096 dimensions', new Float32Array(4097).fill(1)],
  ])('refuses a query that is %s', async (_, wrong) => {
    const asked = index.search({ ...visits, vector: wrong });
    await expect(asked).rejects.toMatchObject({ code: 'FACE_VECTOR_INVALID' });
  });

  it.each([0, 1.5, 10_001, NaN])('refuses a limit of %s', async (limit) => {
    await expect(index.search({ ...visits, limit })).rejects.toMatchObject({ code: 'FACE_LIMIT_INVALID' });
  });

  it('forgets what is removed, and takes it again', async () => {
    await write(['a', 'b', 'c'].map((id, n) => visit(id, { vector: vector(1, n / 10, 0) })));
    await erase([visit('a'), visit('unknown'), { ...visit('b'), tenantId: 'u' }]);
    expect(await ids(index.search(visits))).toEqual(['b', 'c']);
    await write([visit('a', { vector: vector(1, 1, 0) })]);
    expect(await ids(index.search(visits))).toEqual(['b', 'c', 'a']);
  });

  it('replaces a face of the same id: its vector, its model, its owner, its camera', async () => {
    await write([visit('a'), visit('b', { vector: vector(1, 1, 0) })]);
    await write([visit('a', { vector: vector(0, 1, 0), ownerId: 'ada', cameraId: 'yard', atMs: 9_000 })]);
    expect(await ids(index.search(visits))).toEqual(['b', 'a']);
    expect(await index.search({ ...visits, cameraId: 'yard', fromMs: 9_000 })).toMatchObject([
      { ownerId: 'ada' },
    ]);
    await write([visit('a', { version: '2' })]);
    expect(await ids(index.search(visits))).toEqual(['b']);
    expect(await ids(index.search({ ...visits, version: '2' }))).toEqual(['a']);
  });

  it('finds each of several faces that are alike, in the order of their ids', async () => {
    await write([visit('b'), visit('a'), visit('c')]);
    expect(await ids(index.search(visits))).toEqual(['a', 'b', 'c']);
  });

  it('refuses everything after it was closed', async () => {
    await index.close();
    await expect(index.search(visits)).rejects.toMatchObject({ code: 'FACE_INDEX_CLOSED' });
  });
}
