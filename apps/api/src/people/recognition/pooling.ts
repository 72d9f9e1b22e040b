import { norm } from '@camfleet/domain';
import type { FaceSighting, FaceVisitRow } from '@camfleet/database';

/** What a face counts whose worker told no quality. */
const DEFAULT_QUALITY = 0.1;
const LEAST_QUALITY = 0.01;

/**
 * The visit with one more sighting: the mean of the embeddings weighted by quality, length 1. One of another model
 * begins anew: embeddings of different models are never mixed.
 */
export function withSighting(visit: FaceVisitRow, sighting: FaceSighting): FaceVisitRow {
  const seen = {
    ...visit,
    cameraId: visit.cameraId ?? sighting.cameraId,
    firstAt: earlier(visit.firstAt, sighting.occurredAt),
    lastAt: earlier(visit.lastAt, sighting.occurredAt) === visit.lastAt ? sighting.occurredAt : visit.lastAt,
  };
  const { embedding, model, modelVersion } = sighting;
  if (embedding.length === 0 || norm(embedding) === 0) return seen;
  const quality = qualityOf(sighting.quality);
  const isSame =
    visit.model === model &&
    visit.modelVersion === modelVersion &&
    visit.embedding.length === embedding.length;
  const before = isSame ? visit.weight : 0;
  const share = quality / norm(embedding);
  const sum = embedding.map((value, index) => value * share + before * (visit.embedding[index] ?? 0));
  const weight = norm(sum);
  const isBest = !isSame || visit.bestEventId === null || quality > visit.bestQuality;
  return {
    ...seen,
    model,
    modelVersion,
    embedding: weight > 0 ? sum.map((value) => value / weight) : embedding,
    weight,
    ...(isBest && { bestEventId: sighting.id, bestQuality: quality }),
  };
}

function qualityOf(quality: unknown): number {
  const score = typeof quality === 'object' && quality !== null && 'score' in quality ? quality.score : null;
  return typeof score === 'number' ? Math.min(1, Math.max(LEAST_QUALITY, score)) : DEFAULT_QUALITY;
}

const earlier = (a: Date, b: Date) => (a <= b ? a : b);
