import { FaceIndexError } from './face-index-error';

/** Vectors of different models, or versions of one, are never compared. */
export interface EmbeddingModel {
  model: string;
  version: string;
}

/** What a face is known by: an id is unique among those of its kind and tenant. */
export interface FaceKey {
  kind: 'person' | 'visit' | 'group';
  tenantId: string;
  id: string;
}

interface Face extends FaceKey, EmbeddingModel {
  /** 1 to 4096 finite numbers, not all zero; its length does not matter, a score is a cosine. */
  vector: Float32Array;
}

/** One face of a person, as enrolled. */
export interface PersonFace extends Face {
  kind: 'person';
  /** The person. */
  ownerId: string;
  /** «This is not that person»: it is never a hit, only a hit's {@link FaceHit.negativeScore}. */
  isNegative?: boolean;
}

/** One visit: the mean face of one track. */
export interface VisitFace extends Face {
  kind: 'visit';
  /** The person it was given to; null while that is unknown. */
  ownerId: string | null;
  cameraId: string | null;
  /** Unix time. */
  atMs: number;
}

/** The mean face of a group of visits that nobody knows. */
export interface GroupFace extends Face {
  kind: 'group';
}

export type FaceEntry = PersonFace | VisitFace | GroupFace;

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

/** Which groups are nearest. */
export interface GroupQuery extends FaceQuery {
  kind: 'group';
}

export type AnyFaceQuery = PersonQuery | VisitQuery | GroupQuery;

export interface FaceHit {
  /** The face, the visit or the group. */
  id: string;
  /** The person, if it belongs to one. */
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
