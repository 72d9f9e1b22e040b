import type { FaceEntry, FaceHit, VisitQuery } from '../face-index';
import { personFace, visit } from '../face-index.contract';
import { unitVector } from '../unit-vector';
import { searchFaces } from './face-search';
import { FaceTable } from './face-table';
import { VectorMemory } from './vector-memory';

/** The same numbers from the same seed, 0 to 1 (Park and Miller). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

const SPACE = { tenantId: 't', model: 'arc', version: '1' };

function cosine(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
}

/** As anyone would search. */
function naive(entries: FaceEntry[], query: VisitQuery): FaceHit[] {
  const passes = (entry: FaceEntry) =>
    entry.kind === 'visit' &&
    (query.cameraId === undefined || entry.cameraId === query.cameraId) &&
    entry.atMs >= (query.fromMs ?? -Infinity) &&
    entry.atMs < (query.toMs ?? Infinity) &&
    (!query.unowned || entry.ownerId === null);
  return entries
    .filter(passes)
    .map((entry) => ({ id: entry.id, ownerId: null, score: cosine(entry.vector, query.vector) }))
    .filter(({ score }) => score >= (query.minScore ?? -1))
    .sort((a, b) => b.score - a.score)
    .slice(0, query.limit);
}

/** Equal but for how floats are rounded, which may also turn the order of two that are alike. */
function expectAlike(found: FaceHit[], expected: FaceHit[]): void {
  expect(found).toHaveLength(expected.length);
  found.forEach(({ score }, place) => expect(score).toBeCloseTo(expected[place]?.score ?? NaN, 5));
}

describe('the table of faces in memory', () => {
  it.each([1, 3, 16, 17, 128, 512, 3_000, 4_096])(
    'finds what a naive search finds, in %s dimensions, while faces come, change and go',
    (dimensions) => {
      const random = randomOf(dimensions);
      const pick = (count: number) => Math.floor(random() * count);
      const any = () => unitVector(Float32Array.from({ length: dimensions }, () => random() - 0.5));
      const table = new FaceTable(new VectorMemory());
      const kept = new Map<string, FaceEntry>();
      for (let step = 0; step < 1_500; step++) {
        const id = `v${pick(400)}`;
        if (random() < 0.3) {
          table.remove(visit(id));
          kept.delete(id);
        } else {
          const ownerId = random() < 0.5 ? `p${pick(5)}` : null;
          const face = visit(id, { vector: any(), ownerId, cameraId: `c${pick(3)}`, atMs: pick(100) });
          table.upsert(face);
          kept.set(id, face);
        }
        if (step % 25 > 0) continue;
        const query: VisitQuery = { kind: 'visit', ...SPACE, vector: any(), limit: 1 + pick(20) };
        if (random() < 0.3) query.cameraId = `c${pick(4)}`;
        if (random() < 0.3) query.fromMs = pick(100);
        if (random() < 0.3) query.toMs = pick(100);
        if (random() < 0.3) query.unowned = true;
        if (random() < 0.3) query.minScore = random() / 10;
        expectAlike(searchFaces(table, query), naive([...kept.values()], query));
      }
      expect(table.size).toBe(kept.size);
    },
  );

  it('finds each face by itself after many came and went', () => {
    const random = randomOf(7);
    const table = new FaceTable(new VectorMemory());
    const faces = Array.from({ length: 3_000 }, (_, n) =>
      visit(`v${n}`, { vector: unitVector(Float32Array.from({ length: 24 }, () => random() - 0.5)) }),
    );
    for (const face of faces) table.upsert(face);
    for (const face of faces.slice(0, 2_000)) table.remove(face);
    for (const face of faces.slice(0, 1_000)) table.upsert(face);
    for (const [number, { id, vector }] of faces.entries()) {
      const [hit] = searchFaces(table, { kind: 'visit', ...SPACE, vector, limit: 1 });
      expect(hit?.id === id).toBe(number < 1_000 || number >= 2_000);
    }
  });

  it('says that it is full, keeps what it has, and has room again when something goes', () => {
    const vectorOf = (n: number) =>
      unitVector(Float32Array.from({ length: 4_096 }, (_, index) => (index === n ? 1 : 0)));
    const table = new FaceTable(new VectorMemory(2)); // scratch, and four faces of 16 KiB
    for (let n = 0; n < 4; n++) table.upsert(visit(`v${n}`, { vector: vectorOf(n) }));
    const fifth = visit('fifth', { vector: vectorOf(5) });
    expect(() => table.upsert(fifth)).toThrow(expect.objectContaining({ code: 'FACE_INDEX_FULL' }));
    expect(() => table.upsert(personFace('p', 'ada', { vector: vectorOf(1) }))).toThrow('No more faces');
    expect(table.size).toBe(4);
    table.remove(visit('v1'));
    table.upsert(fifth);
    const [hit] = searchFaces(table, { kind: 'visit', ...SPACE, vector: vectorOf(5), limit: 1 });
    expect(hit?.id).toBe('fifth');
  });
});
