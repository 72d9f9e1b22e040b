import type { AnyFaceQuery, FaceHit, FaceKey } from '../face-index';
import type { FaceIndexErrorCode } from '../face-index-error';
import type { PackedFaces } from './packed-faces';

/** What the thread is asked; vectors have length 1. */
export type Request =
  | { kind: 'upsert'; packed: PackedFaces }
  | { kind: 'remove'; keys: FaceKey[] }
  | { kind: 'measure' }
  | { kind: 'search'; query: AnyFaceQuery };

/** Answers come in the order of requests; the first one, `done`, says that the thread has started. */
export type Answer =
  | { kind: 'done'; hits: FaceHit[] }
  | { kind: 'measured'; size: IndexSize }
  | { kind: 'refused'; code: FaceIndexErrorCode; message: string };

export interface IndexSize {
  faces: number;
  /** All that the thread holds: vectors, what belongs to them, its own heap. */
  bytes: number;
}
