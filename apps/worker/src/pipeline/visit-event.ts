import type { Box, FaceQuality, PixelRect, Size } from '@camfleet/domain';
import type { WorkerEvent } from '@camfleet/protocol';
import type { Visit } from './visit';

/** A face's snapshot shows the head and the shoulders: this many times the face's width and height. */
const SNAPSHOT_MARGIN = 2.4;

/** An event that lacks nothing but its picture: `snapshotOf` is the part of the frame to encode as JPEG. */
export interface VisitEvent {
  event: WorkerEvent;
  snapshotOf?: PixelRect;
}

export interface EventOrigin {
  cameraId: string;
  epoch: number;
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

const iso = (timeMs: number) => new Date(timeMs).toISOString();
const round = (value: number, factor: number) => Math.round(value * factor) / factor;

export function sightingEvent(visit: Visit, sighting: Sighting, origin: EventOrigin): VisitEvent {
  const { state, captureTimeMs, frame, quality, embedding } = sighting;
  const { trackId, track, updates } = visit;
  const event: WorkerEvent = {
    ...shared(visit, origin),
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
  return { event, snapshotOf: snapshotRect(track.box, frame) };
}

/** Occurred when the face was last seen: it is noticed a moment later. */
export function endEvent(visit: Visit, origin: EventOrigin): VisitEvent {
  const { firstSeenMs, sightings } = visit;
  const { lastSeenMs } = visit.track;
  return {
    event: {
      ...shared(visit, origin),
      id: `${visit.trackId}:end`,
      occurredAt: iso(lastSeenMs),
      state: 'end',
      data: {
        firstSeenAt: iso(firstSeenMs),
        lastSeenAt: iso(lastSeenMs),
        durationMs: Math.round(lastSeenMs - firstSeenMs),
        sightings,
        bestQuality: round(visit.best, 1e3),
      },
    },
  };
}

function shared({ trackId, track }: Visit, { cameraId, epoch }: EventOrigin) {
  const [x, y, width, height] = track.box;
  const box: [number, number, number, number] = [
    round(x, 1e5),
    round(y, 1e5),
    round(width, 1e5),
    round(height, 1e5),
  ];
  return {
    type: 'face' as const,
    cameraId,
    epoch,
    trackId,
    label: 'face',
    score: round(track.score, 1e3),
    box,
  };
}

/** Inside the frame, with even corners and sides, as chroma planes want it. */
function snapshotRect([x, y, width, height]: Box, frame: Size): PixelRect {
  const even = (value: number) => 2 * Math.floor(value / 2);
  const side = SNAPSHOT_MARGIN * Math.max(width * frame.width, height * frame.height);
  const centreX = (x + width / 2) * frame.width;
  const centreY = (y + height / 2) * frame.height;
  const left = even(Math.max(0, centreX - side / 2));
  const top = even(Math.max(0, centreY - side / 2));
  return {
    x: left,
    y: top,
    width: Math.max(2, even(Math.min(frame.width, centreX + side / 2) - left)),
    height: Math.max(2, even(Math.min(frame.height, centreY + side / 2) - top)),
  };
}
