import { createHash } from 'node:crypto';
import type { NewEvent, NewTrack } from '@camfleet/database';
import type { FacesResult, ObjectsResult } from '@camfleet/protocol';
import type { FoundVideo } from './found-video';

type FaceTrack = FacesResult['tracks'][number];
type ObjectTrack = ObjectsResult['tracks'][number];
type EventVideo = Pick<FoundVideo, 'tenantId' | 'videoId' | 'startMs' | 'timeSource'>;

/** A track as it is stored, and as it is told. */
export interface ToldTrack {
  row: NewTrack;
  events: NewEvent[];
}

/** What both kinds of tracks tell. */
interface Told {
  eventTrackId: string;
  analysis: 'objects' | 'faces';
  type: 'object' | 'face';
  label: string;
  track: FaceTrack | ObjectTrack;
  box: readonly number[];
  bestMs: number;
  key: string | undefined;
  /** Of `new` alone. */
  looks: Pick<NewEvent, 'quality' | 'model' | 'modelVersion' | 'embedding'>;
}

/**
 * What a track's events bear as their `trackId`. It says what they say: another look at the video that sees the same
 * gives the same ids, and is harmless; one that sees something else gives others. The order of a record's keys says nothing:
 * on its way through a part or a checkpoint it changes.
 */
export function eventTrackId(
  { videoId, startMs }: EventVideo,
  analysis: 'objects' | 'faces',
  track: FaceTrack | ObjectTrack,
): string {
  const said = createHash('sha256')
    .update(JSON.stringify([startMs, track], inOrder))
    .digest('hex');
  return `${videoId}:${analysis}:${track.track_id}:${said.slice(0, 12)}`;
}

function inOrder(_: string, value: unknown): unknown {
  const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isRecord ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value;
}

/** `isErased`: nothing of how this track looks may be stored. */
export function tellFace(
  video: EventVideo,
  track: FaceTrack,
  { isErased }: { isErased: boolean },
): ToldTrack {
  const { quality, best_ms: bestMs, key, embedding } = track;
  const { model, version: modelVersion, vector } = embedding ?? {};
  return tell(video, {
    eventTrackId: eventTrackId(video, 'faces', track),
    analysis: 'faces',
    type: 'face',
    label: 'face',
    track,
    box: boxAt(track, bestMs),
    bestMs,
    key: isErased ? undefined : key,
    looks: isErased ? { quality } : { quality, model, modelVersion, embedding: vector },
  });
}

export function tellObject(video: EventVideo, track: ObjectTrack): ToldTrack {
  const { label, snapshot, start_ms: startMs } = track;
  const bestMs = snapshot?.offset_ms ?? startMs;
  return tell(video, {
    eventTrackId: eventTrackId(video, 'objects', track),
    analysis: 'objects',
    type: 'object',
    label,
    track,
    box: snapshot?.box ?? boxAt(track, bestMs),
    bestMs,
    key: snapshot?.key,
    looks: {},
  });
}

/** One `new` and one `end`: a recording is over, nothing of it changes any more. */
function tell({ tenantId, videoId, startMs, timeSource }: EventVideo, told: Told): ToldTrack {
  const { eventTrackId: id, analysis, type, label, track, box, bestMs, key, looks } = told;
  const { track_id: trackId, score, start_ms: fromMs, end_ms: toMs } = track;
  const at = (offsetMs: number) => new Date(startMs + offsetMs).toISOString();
  const shared = { tenantId, videoId, type, trackId: id, label, score };
  const data = {
    ...{ analysis, track: trackId, startMs: fromMs, endMs: toMs, bestMs, timeSource },
    firstSeenAt: at(fromMs),
  };
  const begun: NewEvent = {
    ...shared,
    ...looks,
    id: `${id}:new`,
    state: 'new',
    occurredAt: at(fromMs),
    box,
    snapshotKey: key,
    data,
  };
  const ended: NewEvent = {
    ...shared,
    id: `${id}:end`,
    state: 'end',
    occurredAt: at(toMs),
    box: boxAt(track, toMs),
    data: { ...data, lastSeenAt: at(toMs), durationMs: toMs - fromMs },
  };
  const row: NewTrack = {
    trackId,
    label,
    score,
    startMs: fromMs,
    endMs: toMs,
    boxes: track.boxes.map((seen) => ({ timestampMs: seen.timestamp_ms, box: seen.box })),
    eventTrackId: id,
    // An object's picture is a snapshot, with a row of its own.
    key: analysis === 'faces' ? (key ?? null) : null,
  };
  return { row, events: [begun, ended] };
}

/** Where the track was last seen by then. */
function boxAt({ boxes }: Pick<FaceTrack, 'boxes'>, timeMs: number): readonly number[] {
  const seen = boxes.filter(({ timestamp_ms }) => timestamp_ms <= timeMs).at(-1) ?? boxes[0];
  return seen?.box ?? [0, 0, 1, 1];
}
