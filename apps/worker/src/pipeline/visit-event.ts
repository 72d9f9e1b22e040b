import { type FaceQuality, type Size, squareAround } from '@camfleet/domain';
import type { WorkerEvent } from '@camfleet/protocol';
import { endOf, type EventOrigin, iso, round, trackFields, type VisitEvent } from './track-event';
import type { Visit } from './visit';

/** A face's snapshot shows the head and the shoulders: this many times the face's width and height. */
export const FACE_SNAPSHOT_MARGIN = 2.4;

export interface FaceOrigin extends EventOrigin {
  embedder: { model: string; version: string };
}

export interface Sighting {
  state: 'new' | 'update';
  captureTimeMs: number;
  frame: Size;
  quality: FaceQuality | undefined;
  /** What the whole visit looks like so far: L2-normalised. */
  embedding: Float32Array | undefined;
}

export function sightingEvent(visit: Visit, sighting: Sighting, origin: FaceOrigin): VisitEvent {
  const { state, captureTimeMs, frame, quality, embedding } = sighting;
  const { trackId, track, updates } = visit;
  const event: WorkerEvent = {
    ...trackFields(visit, origin),
    type: 'face',
    id: state === 'new' ? `${trackId}:new` : `${trackId}:update:${updates}`,
    occurredAt: iso(captureTimeMs),
    state,
    data: { firstSeenAt: iso(visit.firstSeenMs) },
  };
  if (quality) {
    event.quality = Object.fromEntries(
      Object.entries(quality).map(([key, value]) => [
        key,
        typeof value === 'number' ? round(value, 1e3) : value,
      ]),
    );
  }
  if (embedding)
    event.embedding = { ...origin.embedder, vector: Array.from(embedding, (v) => round(v, 1e6)) };
  return { event, snapshotOf: squareAround(track.box, frame, FACE_SNAPSHOT_MARGIN) };
}

export function endEvent(visit: Visit, origin: EventOrigin): VisitEvent {
  const { firstSeenMs, sightings, best } = visit;
  return endOf(visit, origin, { type: 'face', firstSeenMs, sightings, best });
}
