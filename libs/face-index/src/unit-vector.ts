import { FaceIndexError } from './face-index-error';

export const MAX_DIMENSIONS = 4096;

/** A copy of length 1. @throws FaceIndexError `FACE_VECTOR_INVALID` */
export function unitVector(vector: Float32Array): Float32Array {
  const scale = 1 / lengthOf(vector);
  return vector.map((value) => value * scale);
}

/** Of a vector that can be compared. @throws FaceIndexError `FACE_VECTOR_INVALID` */
export function lengthOf(vector: Float32Array): number {
  if (vector.length < 1 || vector.length > MAX_DIMENSIONS) {
    throw invalid(`has ${vector.length} dimensions, not 1 to ${MAX_DIMENSIONS}`);
  }
  let squares = 0;
  for (const value of vector) squares += value * value;
  if (!Number.isFinite(squares)) throw invalid('has a value that is no finite number');
  if (squares === 0) throw invalid('is zero and points nowhere');
  return Math.sqrt(squares);
}

function invalid(why: string): FaceIndexError {
  return new FaceIndexError('FACE_VECTOR_INVALID', `This embedding ${why}.`);
}
