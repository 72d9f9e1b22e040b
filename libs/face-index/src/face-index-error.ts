export type FaceIndexErrorCode =
  /** Not finite, of length zero, or of no or too many dimensions. */
  | 'FACE_VECTOR_INVALID'
  /** The same model and version gives vectors of another size. */
  | 'FACE_DIMENSIONS_MISMATCH'
  | 'FACE_LIMIT_INVALID'
  /** Too many calls wait; ask again later. */
  | 'FACE_INDEX_BUSY'
  /** The index in memory is as large as it can be; what was refused is not in it. */
  | 'FACE_INDEX_FULL'
  /** The index in memory broke and is empty: open another one and fill it. */
  | 'FACE_INDEX_FAILED'
  | 'FACE_INDEX_CLOSED';

export class FaceIndexError extends Error {
  override readonly name = 'FaceIndexError';

  constructor(
    readonly code: FaceIndexErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
