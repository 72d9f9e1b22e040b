import {
  type DescribeRequest,
  type FaceDescription,
  type FaceDetection,
  faceRegion,
  FaceTracker,
  MAX_FACES,
  type Track,
} from '@camfleet/vision';
import { trackerTimes } from '../../pipeline/tracker-times';
import { MIN_TRACK_MS, type RecordedFrame } from '../tracks/recorded-frame';
import type { FaceTracksState, FoundFace } from './face-tracks-state';
import { LiveFace } from './live-face';

/** Between two looks at one face: twenty in ten seconds tell whom it shows. */
const DESCRIBE_INTERVAL_MS = 500;
/** A face of 40 px that is a little blurred and looks fairly this way, as live. */
const MIN_EMBED_SCORE = 0.08;
/** Who turns away or is hidden for no longer comes back to the same track, as live. */
const RETURN_MS = 5_000;
/** Somebody new may be one of those who were just lost: their face is waited for, no longer than this. */
const RECOGNITION_MS = 1_000;

export interface FaceTracksOptions {
  /** Between two sampled frames, as a rule. */
  intervalMs: number;
  /** The cosine above which two embeddings show one person. */
  samePersonScore: number;
  describe(requests: readonly DescribeRequest[]): Promise<FaceDescription[]>;
  /** Stores a track's picture; the same track replaces it. @returns its key */
  store(picture: { trackId: number; jpeg: Buffer }): Promise<string>;
}

/**
 * The faces of a recording: one track a person, from when they appear to when they are gone, also when they turn
 * away for a moment; when a track comes to show somebody else, one ends and another begins. The same frames give
 * the same tracks, also when another process goes on from a state in between.
 */
export class FaceTracks {
  private readonly tracker: FaceTracker;
  private readonly live: Map<number, LiveFace>;
  private lost: LiveFace[];
  private found: FoundFace[] = [];
  private nextNumber: number;

  constructor(
    private readonly options: FaceTracksOptions,
    state?: FaceTracksState,
  ) {
    this.tracker = new FaceTracker(trackerTimes(options.intervalMs), state?.tracker);
    this.live = new Map(state?.live.map((face) => [face.id, new LiveFace(options, face)]));
    this.lost = state?.lost.map((face) => new LiveFace(options, face)) ?? [];
    this.nextNumber = state?.nextNumber ?? 1;
  }

  /** Frame by frame, in their order; the frame is not needed any more when it resolves. */
  async observe(detections: readonly FaceDetection[], frame: RecordedFrame): Promise<void> {
    const { timestampMs } = frame;
    const tracks = this.tracker.update(detections, timestampMs);
    const seen = tracks.filter(({ state, detection }) => state !== 'ended' && detection !== undefined);
    for (const track of seen) this.faceOf(track, timestampMs).see(track, timestampMs);
    await this.describe(seen, { detections, frame });
    for (const track of seen) if (track.state === 'confirmed') this.settle(track.id, timestampMs);
    for (const { id, state } of tracks) if (state === 'ended') this.lose(id);
    const known = new Set(tracks.map(({ id }) => id));
    for (const id of this.live.keys()) if (!known.has(id)) this.live.delete(id);
    for (const face of this.lost.filter(({ endMs }) => timestampMs - endMs > RETURN_MS))
      await this.finish(face);
    this.lost = this.lost.filter(({ endMs }) => timestampMs - endMs <= RETURN_MS);
  }

  /** Whose track is over since this was called last; the state does not hold them. */
  takeFound(): FoundFace[] {
    const { found } = this;
    this.found = [];
    return found;
  }

  /** To be called between two frames. Stores the pictures that the state refers to. */
  async state(): Promise<FaceTracksState> {
    for (const face of [...this.live.values(), ...this.lost]) await face.storeBest();
    return {
      tracker: this.tracker.state,
      live: [...this.live.values()].map((face) => face.state()),
      lost: this.lost.map((face) => face.state()),
      nextNumber: this.nextNumber,
    };
  }

  /** The video is over, and with it whoever is still there. */
  async end(): Promise<FoundFace[]> {
    for (const { id } of this.tracker.end()) this.lose(id);
    for (const face of this.lost) await this.finish(face);
    return this.takeFound();
  }

  private faceOf({ id }: Track, startMs: number): LiveFace {
    const face = this.live.get(id) ?? LiveFace.begin(this.options, { id, startMs });
    this.live.set(id, face);
    return face;
  }

  private async describe(
    tracks: readonly Track[],
    { detections, frame }: { detections: readonly FaceDetection[]; frame: RecordedFrame },
  ): Promise<void> {
    const { timestampMs, size } = frame;
    const due = tracks.filter(({ id }) => {
      const lastMs = this.live.get(id)?.describedMs ?? -Infinity;
      return timestampMs - lastMs >= DESCRIBE_INTERVAL_MS;
    });
    for (let from = 0; from < due.length; from += MAX_FACES) {
      const some = due.slice(from, from + MAX_FACES);
      const requests: DescribeRequest[] = [];
      for (const { box, detection } of some) {
        const region = faceRegion(box, size, detections[detection ?? -1]?.points);
        const pixels = await frame.cutRegion(region.rect, { width: region.side, height: region.side });
        requests.push({ region, pixels, embedFromScore: MIN_EMBED_SCORE });
      }
      const descriptions = await this.options.describe(requests);
      for (const [index, track] of some.entries()) {
        const description = descriptions[index];
        if (description) await this.learn(track, description, frame);
      }
    }
  }

  private async learn(track: Track, description: FaceDescription, frame: RecordedFrame): Promise<void> {
    const face = this.faceOf(track, frame.timestampMs);
    if ((await face.learn(track.box, description, frame)) !== 'other') return;
    this.lose(track.id);
    const next = this.faceOf(track, frame.timestampMs);
    next.see(track, frame.timestampMs);
    await next.learn(track.box, description, frame);
  }

  /** Whether it counts by now, and whether it is somebody who was just lost. */
  private settle(id: number, timestampMs: number): void {
    const face = this.live.get(id);
    if (!face || face.number !== undefined || timestampMs - face.startMs < MIN_TRACK_MS) return;
    const back = this.lost.find(
      ({ identity, endMs }) => endMs < face.startMs && identity.isLike(face.identity),
    );
    if (back) {
      face.join(back);
      this.lost = this.lost.filter((other) => other !== back);
      return;
    }
    const isKnown = face.identity.weight > 0 || this.lost.length === 0;
    if (isKnown || timestampMs - face.startMs >= RECOGNITION_MS) face.count(this.nextNumber++);
  }

  private lose(id: number): void {
    const face = this.live.get(id);
    this.live.delete(id);
    if (face?.number !== undefined) this.lost.push(face);
  }

  private async finish(face: LiveFace): Promise<void> {
    const found = await face.found();
    if (found) this.found.push(found);
  }
}
