import type { VisitFace, VisitQuery } from '@camfleet/face-index';
import { FaceLikeVectors } from './face-like';

export const FACES = 100_000;
export const DIMENSIONS = 512;
const SHOTS = 5;
const BATCH = 500;
const SPACE = { kind: 'visit', tenantId: 'bench', model: 'face-like', version: '1' } as const;

export const LIBRARY =
  `${FACES / SHOTS} made-up people with ${SHOTS} embeddings each, clustered as face models give them ` +
  '(cosine of one person 0.60 ± 0.04, of two 0.00 ± 0.06)';

/** The visits that are searched, some at a time. */
export function* visits(vectors: FaceLikeVectors): Generator<VisitFace[]> {
  for (let first = 0; first < FACES; first += BATCH) {
    yield Array.from({ length: BATCH }, (_, offset) => {
      const face = first + offset;
      return {
        ...SPACE,
        id: `6f0c8a52-41d7-4c3e-9b7a-${String(face).padStart(12, '0')}`,
        ownerId: null,
        cameraId: `camera-${face % 100}`,
        atMs: face * 1_000,
        vector: vectors.vector(Math.floor(face / SHOTS), face % SHOTS),
      };
    });
  }
}

/** Embeddings to look for that are not in the library: by turns of a person who is, and of a stranger. */
export function queries(vectors: FaceLikeVectors, count: number): VisitQuery[] {
  return Array.from({ length: count }, (_, index) => {
    const person = index % 2 === 0 ? (index * 131) % (FACES / SHOTS) : FACES + index;
    return { ...SPACE, limit: 10, vector: vectors.vector(person, SHOTS) };
  });
}
