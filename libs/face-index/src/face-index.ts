import { FaceIndexError } from './face-index-error';

/** Vectors of different models, or versions of one, are never compared. */
export interface EmbeddingModel {
  model: string;
  version: string;
}

/** One face of a person, as enrolled. */
export interface PersonFace extends EmbeddingModel {
  kind: 'person';
  /** Unique in the whole index, visits included. */
  id: string;
  tenantId: string;
  /** The person. */
  ownerId: string;
  /** «This is not that person»: it is never a hit, only a hit's {@link FaceHit.negativeScore}. */
  isNegative?: boolean;
  /** 1 to 4096 finite numbers, not all zero; its length does not matter, a score is a cosine. */
  vector: Float32Array;
}

/** One visit: the mean face of one track. */
export interface VisitFace extends EmbeddingModel {
  kind: 'visit';
  /** Unique in the whole index, faces of persons included. */
  id: string;
  tenantId: string;
  /** The person it was given to; null while that is unknown. */
  ownerId: string | null;
  cameraId: string;
  /** Unix time. */
  atMs: number;
  /** As {@link PersonFace.vector}. */
  vector: Float32Array;
}

export type FaceEntry = PersonFace | VisitFace;

interface FaceQuery extends EmbeddingModel {
  tenantId: string;
  /** Of the same number of dimensions as everything of this model and version. */
  vector: Float32Array;
  /** 1 to 10,000: so many hits of those that pass every filter, or all when there are fewer. */
  limit: number;
  /** Hits of lower cosine are left out. Default: none is. */
  minScore?: number;
}

/** Which persons are nearest: one hit a person, by its best face. */
export interface PersonQuery extends FaceQuery {
  kind: 'person';
}

/** Which visits are nearest. */
export interface VisitQuery extends FaceQuery {
  kind: 'visit';
  /** From then on; Unix time. */
  fromMs?: number;
  /** Before then; Unix time. */
  toMs?: number;
  cameraId?: string;
  /** Only visits that belong to no person. */
  unowned?: boolean;
}

export type AnyFaceQuery = PersonQuery | VisitQuery;

export interface FaceHit {
  /** The face, or the visit. */
  id: string;
  ownerId: string | null;
  /** Cosine, -1 to 1. */
  score: number;
  /** Of a person with faces that it is not: the cosine of the nearest one. Filters and `minScore` do not touch it. */
  negativeScore?: number;
}

/** Who looks like this? Best first, equal ones by id. */
export interface FaceIndex {
  /** @throws FaceIndexError all codes but `FACE_INDEX_FULL`. */
  search(query: AnyFaceQuery): Promise<FaceHit[]>;
  close(): Promise<void>;
}

export const MAX_HITS = 10_000;

/** @throws FaceIndexError `FACE_LIMIT_INVALID` */
export function checkLimit(limit: number): void {
  if (Number.isInteger(limit) && limit >= 1 && limit <= MAX_HITS) return;
  throw new FaceIndexError('FACE_LIMIT_INVALID', `A search gives 1 to ${MAX_HITS} hits, not ${limit}.`);
}

/** Best first, equal ones by id. */
export function byScore(a: FaceHit, b: FaceHit): number {
  return b.score - a.score || (a.id < b.id ? -1 : 1);
}
