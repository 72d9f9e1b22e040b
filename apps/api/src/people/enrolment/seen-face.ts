import { normalised } from '@camfleet/domain';
import type { VisitFace } from '@camfleet/database';
import type { EmbedResult } from '@camfleet/protocol';

/** A face that may be enrolled, or searched for. */
export interface SeenFace {
  model: string;
  modelVersion: string;
  /** Length 1. */
  embedding: Float32Array;
  quality: Record<string, unknown>;
  /** JPEG of head and shoulders. */
  crop?: Buffer;
  /** Where it was seen; none: on a photo. */
  eventId?: string;
  trackId?: string;
}

export function faceOfPhoto(face: EmbedResult['faces'][number]): SeenFace {
  const { embedding, quality, crop } = face;
  return {
    model: embedding.model,
    modelVersion: embedding.version,
    embedding: normalised(Float32Array.from(embedding.vector)),
    quality,
    ...(crop !== undefined && { crop: Buffer.from(crop, 'base64') }),
  };
}

export function faceOfVisit(
  { eventId, trackId, quality, model, modelVersion, embedding }: VisitFace,
  crop: Buffer | null,
): SeenFace {
  return { eventId, trackId, quality, model, modelVersion, embedding, ...(crop && { crop }) };
}

/** The one that takes the most of the picture. */
export function largest(faces: EmbedResult['faces']): EmbedResult['faces'][number] | undefined {
  const area = ({ box: [, , width, height] }: EmbedResult['faces'][number]) => width * height;
  return [...faces].sort((a, b) => area(b) - area(a))[0];
}
