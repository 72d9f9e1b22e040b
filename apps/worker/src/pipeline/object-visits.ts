import { type Box, type Size, squareAround } from '@camfleet/domain';
import {
  footPoint,
  type ObjectDetection,
  ObjectTracker,
  type ObjectTrack,
  predictBox,
} from '@camfleet/vision';
import { ObjectVisit } from './object-visit';
import {
  endOf,
  type EventOrigin,
  insideFrame,
  iso,
  round,
  trackFields,
  type VisitEvent,
} from './track-event';
import { overlayAgeMs, trackerTimes } from './tracker-times';
import type { ZoneFilter } from './zone-filter';
import type { ZoneWatch } from './zone-watch';

/** A thing's snapshot shows a little of what is around it. */
const SNAPSHOT_MARGIN = 1.3;
const EVENT_INTERVAL_MS = 1_000;
/** The share of the sure score that a faint box still needs. */
export const FAINT_SHARE = 0.4;

export interface ObjectVisitsOptions extends EventOrigin {
  /** Between two analysed frames. */
  analysisIntervalMs: number;
  watch: ZoneWatch;
  zones: ZoneFilter;
  /** The score from which the model is sure; fainter boxes only go on with what is followed already. */
  sureScore: number;
}

interface Moment {
  /** Fleet time, Unix ms; never goes back. */
  captureTimeMs: number;
  /** The full frame, upright. */
  frame: Size;
}

/**
 * Makes one visit of each person, vehicle or other thing that passes a camera: `new` with the frame that confirms it,
 * `update` at most once a second when a noticeably better picture was got or it turns out to be something else, `end`
 * when it is gone; between them what it does to zones and lines. Where there are `include` zones, what never stood in one is not told. Knows no clock but
 * capture times.
 */
export class ObjectVisits {
  private readonly tracker: ObjectTracker;
  private readonly visits = new Map<number, ObjectVisit>();

  constructor(private readonly options: ObjectVisitsOptions) {
    const { analysisIntervalMs, sureScore } = options;
    this.tracker = new ObjectTracker({
      highScore: sureScore,
      lowScore: FAINT_SHARE * sureScore,
      ...trackerTimes(analysisIntervalMs),
    });
  }

  get isFollowing(): boolean {
    return this.tracker.isFollowing;
  }

  observe(detections: readonly ObjectDetection[], moment: Moment): VisitEvent[] {
    return this.tracker
      .update(detections, moment.captureTimeMs)
      .flatMap((track) => this.follow(track, moment));
  }

  /** The picture shows nothing new: what was just seen is still there. */
  hold(captureTimeMs: number): VisitEvent[] {
    return this.tracker.hold(captureTimeMs).flatMap((track) => this.follow(track, { captureTimeMs }));
  }

  /** Ends all visits: the camera stops, or its epoch is over. */
  flush(): VisitEvent[] {
    return this.tracker.end().flatMap((track) => this.follow(track, { captureTimeMs: track.lastSeenMs }));
  }

  /** Where the things are at a time, by where they were and how they moved. */
  boxesAt(timestampMs: number): { trackId: string; label: string; box: Box }[] {
    const maxAgeMs = overlayAgeMs(this.options.analysisIntervalMs);
    return [...this.visits.values()]
      .filter(({ track }) => track.state === 'confirmed' && timestampMs - track.lastSeenMs <= maxAgeMs)
      .map(({ trackId, label, track }) => ({
        trackId,
        label,
        box: insideFrame(predictBox(track, timestampMs)),
      }))
      .filter(({ box }) => box[2] > 0 && box[3] > 0);
  }

  /** What a track's newest state is worth telling. */
  private follow(track: ObjectTrack, { captureTimeMs, frame }: Partial<Moment> & { captureTimeMs: number }) {
    if (track.state === 'tentative') return [];
    const known = this.visits.get(track.id);
    if (track.state === 'ended') {
      this.visits.delete(track.id);
      const end = known ? this.end(known, track) : [];
      return known?.isAnnounced ? end : [];
    }
    const visit = known ?? new ObjectVisit(track, this.options);
    visit.track = track;
    this.visits.set(track.id, visit);
    if (track.detection === undefined) return [];
    const isTold = visit.isAnnounced || this.options.zones.selects(footPoint(track.box));
    const doings = this.options.watch.observe(visit, captureTimeMs, isTold);
    if (!isTold) return [];
    const isNews = frame && visit.isWorthTelling(captureTimeMs, EVENT_INTERVAL_MS);
    return isNews ? [this.sighting(visit, { captureTimeMs, frame }), ...doings] : doings;
  }

  private sighting(visit: ObjectVisit, { captureTimeMs, frame }: Moment): VisitEvent {
    const { trackId, track } = visit;
    const id = visit.isAnnounced ? `${trackId}:update:${visit.updates + 1}` : `${trackId}:new`;
    const state = visit.isAnnounced ? 'update' : 'new';
    visit.told(captureTimeMs);
    return {
      event: {
        ...trackFields(visit, this.options),
        type: 'object',
        id,
        state,
        occurredAt: iso(captureTimeMs),
        quality: { score: round(visit.best, 1e3) },
        data: { firstSeenAt: iso(track.firstSeenMs) },
      },
      snapshotOf: squareAround(track.box, frame, SNAPSHOT_MARGIN),
    };
  }

  private end(visit: ObjectVisit, track: ObjectTrack): VisitEvent[] {
    visit.track = track;
    const { firstSeenMs, hits: sightings } = track;
    const summary = { type: 'object', firstSeenMs, sightings, best: visit.best } as const;
    return [...this.options.watch.end(visit), endOf(visit, this.options, summary)];
  }
}
