import type { RgbImage } from '@camfleet/domain';
import { type ObjectDetection, type ObjectTrack, ObjectTracker } from '@camfleet/vision';
import { FAINT_SHARE } from '../../pipeline';
import { trackerTimes } from '../../pipeline/tracker-times';
import { MIN_TRACK_MS, type RecordedFrame } from '../tracks/recorded-frame';
import { TrackLine } from '../tracks/track-line';
import { isBetter, mayBeBetter, type Sighting } from './best-picture';
import { hangsIn } from './limb';
import type { FoundObjects, LiveObjectState, ObjectTracksState } from './object-tracks-state';
import { cutOut, sharpnessIn, snapshotJpeg } from './snapshot-picture';

/** Cuts that are held as pixels, 1.2 MB each at the most; those beyond are held as JPEG. */
const MAX_RAW_CUTS = 32;

export interface ObjectTracksOptions {
  /** Between two sampled frames, as a rule. */
  intervalMs: number;
  /** The score from which the model is sure; fainter boxes only go on with what is followed already. */
  sureScore: number;
  /** Stores a track's snapshot. @returns its key */
  store(snapshot: { trackId: number; offsetMs: number; jpeg: Buffer }): Promise<string>;
}

interface LiveObject extends Omit<LiveObjectState, 'line' | 'jpeg'> {
  line: TrackLine;
  /** Of its best sighting, until it is stored. */
  cut?: RgbImage | Buffer;
}

/**
 * The objects of a recording: each is followed, and its best picture stored when it has gone. A track counts from its
 * third sighting on, when it has been there for {@link MIN_TRACK_MS}, a person from the third that shows more than an
 * arm or legs; it gets its number then. The same frames give the same tracks, numbers and bytes, also when another process
 * goes on from a state in between.
 */
export class ObjectTracks {
  private readonly tracker: ObjectTracker;
  private readonly confirmHits: number;
  private readonly live: Map<number, LiveObject>;
  private found: FoundObjects = { tracks: [], superseded: [] };
  private nextNumber: number;

  constructor(
    private readonly options: ObjectTracksOptions,
    state?: ObjectTracksState,
  ) {
    const { intervalMs, sureScore } = options;
    const times = trackerTimes(intervalMs);
    this.confirmHits = times.confirmHits;
    this.tracker = new ObjectTracker(
      { highScore: sureScore, lowScore: FAINT_SHARE * sureScore, ...times },
      state?.tracker,
    );
    this.live = new Map(state?.live.map((track) => [track.id, toLive(track)]));
    this.nextNumber = state?.nextNumber ?? 1;
  }

  /** Frame by frame, in their order; the frame is not needed any more when it resolves. */
  async observe(detections: readonly ObjectDetection[], frame: RecordedFrame): Promise<void> {
    const tracks = this.tracker.update(detections, frame.timestampMs);
    for (const track of tracks) {
      if (track.state === 'ended') await this.finish(track.id);
      else if (track.detection !== undefined) await this.see(track, frame);
    }
    const known = new Set(tracks.map(({ id }) => id));
    for (const id of this.live.keys()) if (!known.has(id)) this.live.delete(id);
  }

  /** What is over since this was called last; the state does not hold it. */
  takeFound(): FoundObjects {
    const { found } = this;
    this.found = { tracks: [], superseded: [] };
    return found;
  }

  /** To be called between two frames. Stores the pictures that the state refers to. */
  async state(): Promise<ObjectTracksState> {
    const live: LiveObjectState[] = [];
    for (const track of this.live.values()) {
      if (track.number !== undefined) await this.storeBest(track);
      const { line, cut, ...fields } = track;
      live.push({
        ...fields,
        line: line.state,
        jpeg: cut && (await toJpeg(cut)).toString('base64'),
      });
    }
    return { tracker: this.tracker.state, live, nextNumber: this.nextNumber };
  }

  /** What follows was recorded elsewhere, or at another time: nothing goes on. */
  async cut(): Promise<void> {
    for (const { id } of this.tracker.end()) await this.finish(id);
    this.live.clear();
  }

  /** The video is over, and with it all that is still there. */
  async end(): Promise<FoundObjects> {
    await this.cut();
    return this.takeFound();
  }

  private async see(track: ObjectTrack, frame: RecordedFrame): Promise<void> {
    const { timestampMs } = frame;
    const { id, box, score, label, firstSeenMs } = track;
    const live = this.live.get(id) ?? this.begin(id, timestampMs);
    live.glimpses = [...live.glimpses, { timestampMs, box, score, label }].filter(
      (glimpse) => glimpse.timestampMs >= firstSeenMs,
    );
    // No pictures of what may never count: a place in the background can look a little like a car for hours.
    if (track.state !== 'confirmed') return;
    count(live);
    if (live.bodies < this.confirmHits) return;
    if (timestampMs - live.startMs >= MIN_TRACK_MS) live.number ??= this.nextNumber++;
    if (live.best && !mayBeBetter(track, live.best)) return;
    const sighting = { offsetMs: timestampMs, box, score, sharpness: await sharpnessIn(frame, box) };
    if (!live.best || isBetter(sighting, live.best)) await this.take(live, sighting, frame);
  }

  private begin(id: number, timestampMs: number): LiveObject {
    const times = { startMs: timestampMs, endMs: timestampMs };
    const live: LiveObject = {
      id,
      label: '',
      hits: 0,
      bodies: 0,
      scores: 0,
      ...times,
      line: new TrackLine(),
      glimpses: [],
    };
    this.live.set(id, live);
    return live;
  }

  private async take(live: LiveObject, best: Sighting, frame: RecordedFrame): Promise<void> {
    live.cut = undefined;
    const raw = [...this.live.values()].filter(({ cut }) => cut && !Buffer.isBuffer(cut)).length;
    const cut = await cutOut(frame, best.box);
    live.cut = raw < MAX_RAW_CUTS ? cut : await toJpeg(cut);
    live.best = best;
    if (live.key !== undefined) this.found.superseded.push(live.key);
    live.key = undefined;
  }

  private async storeBest(live: LiveObject): Promise<void> {
    const { number, best, cut } = live;
    if (number === undefined || !best || !cut) return;
    const jpeg = await toJpeg(cut);
    live.key = await this.options.store({ trackId: number, offsetMs: best.offsetMs, jpeg });
    live.cut = undefined;
  }

  private async finish(id: number): Promise<void> {
    const live = this.live.get(id);
    this.live.delete(id);
    if (live?.number === undefined) return;
    await this.storeBest(live);
    const { number, label, scores, hits, startMs, endMs, line, best, key } = live;
    const snapshot = best && key !== undefined ? { ...best, key } : undefined;
    this.found.tracks.push({
      trackId: number,
      label,
      score: scores / hits,
      startMs,
      endMs,
      boxes: line.boxes,
      snapshot,
    });
  }
}

/** Adds its glimpses to what is known of it. */
function count(live: LiveObject): void {
  if (live.hits === 0) live.startMs = live.glimpses[0]?.timestampMs ?? live.startMs;
  for (const { timestampMs, box, score, label } of live.glimpses) {
    live.label = label;
    live.hits += 1;
    if (label !== 'person' || !hangsIn(box)) live.bodies += 1;
    live.scores += score;
    live.endMs = timestampMs;
    live.line.add({ timestampMs, box });
  }
  live.glimpses = [];
}

function toLive({ line, jpeg, ...fields }: LiveObjectState): LiveObject {
  return {
    ...fields,
    line: new TrackLine(line),
    cut: jpeg === undefined ? undefined : Buffer.from(jpeg, 'base64'),
  };
}

async function toJpeg(cut: RgbImage | Buffer): Promise<Buffer> {
  return Buffer.isBuffer(cut) ? cut : snapshotJpeg(cut);
}
