import type { AnyFaceQuery, FaceEntry, FaceHit } from '../face-index';
import type { FaceIndexErrorCode } from '../face-index-error';

/** What the thread is asked; vectors have length 1. */
export type Request =
  | { kind: 'upsert'; entries: FaceEntry[] }
  | { kind: 'remove'; ids: string[] }
  | { kind: 'search'; query: AnyFaceQuery };

/** Answers come in the order of requests. */
export type Answer =
  | { kind: 'ready' }
  | { kind: 'done'; hits: FaceHit[] }
  | { kind: 'refused'; code: FaceIndexErrorCode; message: string };
