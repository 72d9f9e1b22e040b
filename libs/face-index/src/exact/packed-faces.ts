import type { FaceEntry, GroupFace, PersonFace, VisitFace } from '../face-index';
import { lengthOf } from '../unit-vector';

type WithoutVector<T> = Omit<T, 'vector'> & { dimensions: number };
type Described = WithoutVector<PersonFace> | WithoutVector<VisitFace> | WithoutVector<GroupFace>;

/** Faces on their way to the thread: their vectors, of length 1, one after the other in one buffer. */
export interface PackedFaces {
  faces: Described[];
  vectors: Float32Array<ArrayBuffer>;
}

/** @throws FaceIndexError `FACE_VECTOR_INVALID` */
export function pack(entries: readonly FaceEntry[]): PackedFaces {
  const vectors = new Float32Array(entries.reduce((sum, { vector }) => sum + vector.length, 0));
  let at = 0;
  const faces = entries.map(({ vector, ...face }) => {
    const scale = 1 / lengthOf(vector);
    for (const value of vector) vectors[at++] = value * scale;
    return { ...face, dimensions: vector.length };
  });
  return { faces, vectors };
}

export function* unpack({ faces, vectors }: PackedFaces): Generator<FaceEntry> {
  let at = 0;
  for (const { dimensions, ...face } of faces) {
    yield { ...face, vector: vectors.subarray(at, (at += dimensions)) };
  }
}
