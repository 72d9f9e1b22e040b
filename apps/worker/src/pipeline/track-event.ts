import { randomBytes } from 'node:crypto';
import type { Box, PixelRect } from '@camfleet/domain';
import type { WorkerEvent } from '@camfleet/protocol';
import type { Track } from '@camfleet/vision';

/** An event that lacks nothing but its picture: `snapshotOf` is the part of the frame to encode as JPEG. */
export interface VisitEvent {
  event: WorkerEvent;
  snapshotOf?: PixelRect;
}

/** Whose events these are. */
export interface EventOrigin {
  cameraId: string;
  epoch: number;
}

/** Something that is followed: a visit of a person, or of a thing. */
export interface Followed {
  trackId: string;
  track: Track;
  label: string;
}

export const iso = (timeMs: number) => new Date(timeMs).toISOString();
export const round = (value: number, factor: number) => Math.round(value * factor) / factor;

/** Unique in the fleet: a process that starts anew within an epoch must not reuse it. */
export function newTrackId({ cameraId, epoch }: EventOrigin): string {
  return `${cameraId}-${epoch}-${randomBytes(6).toString('hex')}`;
}

/** What all events of one track share, at its newest sighting. */
export function trackFields({ trackId, track, label }: Followed, { cameraId, epoch }: EventOrigin) {
  const [x, y, width, height] = track.box;
  const box: [number, number, number, number] = [
    round(x, 1e5),
    round(y, 1e5),
    round(width, 1e5),
    round(height, 1e5),
  ];
  return { cameraId, epoch, trackId, label, score: round(track.score, 1e3), box };
}

/** Of a track that ended. It occurred when it was last seen: that is noticed a moment later. */
export function endOf(
  visit: Followed,
  origin: EventOrigin,
  { type, firstSeenMs, sightings, best }: TrackSummary,
): VisitEvent {
  const { lastSeenMs } = visit.track;
  return {
    event: {
      ...trackFields(visit, origin),
      type,
      id: `${visit.trackId}:end`,
      occurredAt: iso(lastSeenMs),
      state: 'end',
      data: {
        firstSeenAt: iso(firstSeenMs),
        lastSeenAt: iso(lastSeenMs),
        durationMs: Math.round(lastSeenMs - firstSeenMs),
        sightings,
        bestQuality: round(best, 1e3),
      },
    },
  };
}

interface TrackSummary {
  type: 'face' | 'object';
  firstSeenMs: number;
  sightings: number;
  /** Quality of its best picture. */
  best: number;
}

/** Cut to the picture. */
export function insideFrame([x, y, width, height]: Box): Box {
  const left = Math.max(0, x);
  const top = Math.max(0, y);
  return [left, top, Math.min(1, x + width) - left, Math.min(1, y + height) - top];
}
