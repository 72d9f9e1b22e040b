import type { Box, Size } from '@camfleet/domain';
import {
  type FaceDescription,
  type FaceDetection,
  type FaceRegion,
  faceRegion,
  FaceTracker,
  MAX_FACES,
  predictBox,
  type Track,
} from '@camfleet/vision';
import { LostVisits } from './lost-visits';
import { insideFrame, type VisitEvent } from './track-event';
import { overlayAgeMs, trackerTimes } from './tracker-times';
import { Visit } from './visit';
import { endEvent, type FaceOrigin, sightingEvent } from './visit-event';

/** A face that this many analysed frames in a row did not show has no box any more. */
const OVERLAY_FRAMES = 2;
/** Somebody new may be one of those who were just lost: their face is waited for, no longer than this. */
const RECOGNITION_MS = 1_000;

export interface FaceVisitsOptions extends FaceOrigin {
  /** Between two analysed frames. */
  analysisIntervalMs: number;
  /** Of the source frame; smaller faces are not looked at. */
  minFaceHeightPx: number;
  /** The cosine above which two embeddings show one person. */
  samePersonScore: number;
}

export interface FrameMoment {
  /** Fleet time, Unix ms; never goes back. */
  captureTimeMs: number;
  /** The full frame, upright. */
  frame: Size;
}

interface DescribeOrder {
  trackId: string;
  /** What to cut from the full frame. */
  region: FaceRegion;
  embedFromScore: number | undefined;
}

/** What to find out about one frame. Nothing is in it that nobody needs: mostly it is empty. */
export interface VisitPlan extends FrameMoment {
  /** At most `MAX_FACES`. */
  describe: readonly DescribeOrder[];
}

export interface OverlayFace {
  trackId: string;
  box: Box;
  score: number;
}

/**
 * Makes one visit of each person passing a camera: `new` with the frame that confirms the face, `update` at most
 * once a second when a noticeably better picture or a surer identity was got, `end` when the face is gone. Who is back
 * within seconds goes on with the same visit, known by the face; when a track comes to show somebody else, one visit ends
 * and another begins.
 * For each frame: `observe`, cut and describe what the plan asks for, `described`. Knows no clock but capture times.
 */
export class FaceVisits {
  private readonly tracker: FaceTracker;
  private readonly visits = new Map<number, Visit>();
  private readonly lost = new LostVisits();
  private events: VisitEvent[] = [];
  private frame: Size = { width: 1, height: 1 };
  /** Capture times of the last {@link OVERLAY_FRAMES} frames that were analysed, oldest first. */
  private analysedMs: number[] = [];

  constructor(private readonly options: FaceVisitsOptions) {
    this.tracker = new FaceTracker(trackerTimes(options.analysisIntervalMs));
  }

  observe(detections: readonly FaceDetection[], { captureTimeMs, frame }: FrameMoment): VisitPlan {
    this.frame = frame;
    this.analysedMs = [...this.analysedMs, captureTimeMs].slice(-OVERLAY_FRAMES);
    const { minFaceHeightPx } = this.options;
    const large = detections.filter(({ box }) => box[3] * frame.height >= minFaceHeightPx);
    const orders: (DescribeOrder & { isNew: boolean })[] = [];
    for (const track of this.tracker.update(large, captureTimeMs)) {
      const visit = this.follow(track);
      if (!visit || track.detection === undefined) continue;
      const region = faceRegion(track.box, frame, large[track.detection]?.points);
      const wish = visit.wish(region, captureTimeMs);
      if (wish) orders.push({ trackId: visit.trackId, region, ...wish, isNew: !visit.isAnnounced });
    }
    for (const visit of this.lost.expire(captureTimeMs)) this.finish(visit);
    orders.sort((a, b) => Number(b.isNew) - Number(a.isNew));
    const describe = orders
      .slice(0, MAX_FACES)
      .map(({ trackId, region, embedFromScore }) => ({ trackId, region, embedFromScore }));
    return { captureTimeMs, frame, describe };
  }

  /** The picture shows nothing new: who was just seen is still there, and nobody has to look. */
  hold(captureTimeMs: number): VisitEvent[] {
    this.analysedMs = [captureTimeMs];
    for (const track of this.tracker.hold(captureTimeMs)) this.follow(track);
    for (const visit of this.lost.expire(captureTimeMs)) this.finish(visit);
    return this.takeEvents();
  }

  /** Somebody is followed at the moment. */
  get hasFaces(): boolean {
    return this.tracker.isFollowing;
  }

  /** Somebody is there who is not told yet, since they may be one of those who were lost. */
  get isWaiting(): boolean {
    return [...this.visits.values()].some(({ isAnnounced }) => !isAnnounced);
  }

  /**
   * To be called for every plan, in order, while its frame is still there to be cut.
   * @param descriptions in the order of the plan; shorter or empty when the models failed: the visits are told
   * all the same, without quality
   */
  described(plan: VisitPlan, descriptions: readonly FaceDescription[]): VisitEvent[] {
    const byTrackId = new Map([...this.visits.values()].map((visit) => [visit.trackId, visit]));
    plan.describe.forEach(({ trackId }, index) => {
      const visit = byTrackId.get(trackId);
      if (visit) this.learn(visit, plan, descriptions[index]);
    });
    return this.takeEvents();
  }

  /** Ends all visits: the camera stops, or its epoch is over. */
  flush(): VisitEvent[] {
    for (const track of this.tracker.end()) this.follow(track);
    for (const visit of this.lost.takeAll()) this.finish(visit);
    return this.takeEvents();
  }

  /**
   * Where the faces are at a time, by where they were and how they moved: those of the last two frames that were
   * analysed, however late that was, but none older than {@link overlayAgeMs}.
   */
  overlayAt(timestampMs: number): OverlayFace[] {
    const maxAgeMs = overlayAgeMs(this.options.analysisIntervalMs);
    const seenSinceMs = Math.max(this.analysedMs[0] ?? -Infinity, timestampMs - maxAgeMs);
    return [...this.visits.values()]
      .filter(({ track }) => track.lastSeenMs >= seenSinceMs)
      .map(({ trackId, track }) => ({
        trackId,
        box: insideFrame(predictBox(track, timestampMs)),
        score: track.score,
      }))
      .filter(({ box }) => box[2] > 0 && box[3] > 0);
  }

  /** The visit of a confirmed track as it is now; undefined when it has none, or none any more. */
  private follow(track: Track): Visit | undefined {
    if (track.state === 'tentative') return undefined;
    const known = this.visits.get(track.id);
    known?.follow(track);
    if (track.state === 'ended') {
      this.visits.delete(track.id);
      if (known) this.lose(known);
      return undefined;
    }
    const visit = known ?? new Visit(track, this.options);
    this.visits.set(track.id, visit);
    return visit;
  }

  private learn(visit: Visit, moment: FrameMoment, description: FaceDescription | undefined): void {
    const { captureTimeMs } = moment;
    const learned = description ? visit.learn(description, captureTimeMs) : 'nothing';
    if (learned === 'somebody else') return this.exchange(visit, moment, description);
    if (visit.isAnnounced) {
      if (learned === 'better') this.tell(visit, moment, description);
      return;
    }
    const known = this.lost.takeLike(visit);
    if (known) {
      known.resume(visit);
      this.visits.set(visit.track.id, known);
      if (description && known.isBetter(description.quality.score)) this.tell(known, moment, description);
    } else if (this.lost.isEmpty || captureTimeMs - visit.firstSeenMs >= RECOGNITION_MS) {
      this.tell(visit, moment, description);
    }
  }

  /** The track has passed from one person to another. */
  private exchange(visit: Visit, moment: FrameMoment, description: FaceDescription | undefined): void {
    this.finish(visit);
    const since = { firstSeenMs: moment.captureTimeMs, hitsBefore: visit.track.hits - 1 };
    const next = new Visit(visit.track, this.options, since);
    this.visits.set(visit.track.id, next);
    this.learn(next, moment, description);
  }

  /** Somebody who was told with a face may be back. */
  private lose(visit: Visit): void {
    const mayReturn = visit.isAnnounced && visit.identity.weight > 0;
    for (const over of mayReturn ? this.lost.keep(visit) : [visit]) this.finish(over);
  }

  private finish(visit: Visit): void {
    const { track } = visit;
    // Its frames were dropped before they could be described: it was here nevertheless. The frame is gone, too.
    if (!visit.isAnnounced) {
      const sighting = { state: 'new', captureTimeMs: track.lastSeenMs, frame: this.frame } as const;
      const { event } = sightingEvent(
        visit,
        { ...sighting, quality: undefined, embedding: undefined },
        this.options,
      );
      this.events.push({ event });
    }
    this.events.push(endEvent(visit, this.options));
  }

  private tell(visit: Visit, { captureTimeMs, frame }: FrameMoment, description?: FaceDescription): void {
    const state = visit.isAnnounced ? 'update' : 'new';
    if (state === 'update') visit.updates += 1;
    const embedding = visit.told(captureTimeMs, description?.quality.score ?? 0);
    const sighting = { state, captureTimeMs, frame, quality: description?.quality, embedding } as const;
    this.events.push(sightingEvent(visit, sighting, this.options));
  }

  private takeEvents(): VisitEvent[] {
    const { events } = this;
    this.events = [];
    return events;
  }
}
