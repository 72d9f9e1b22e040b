import { type Box, intersectionOverUnion } from '@camfleet/domain';
import { type ObjectDetection, similarTo } from '../objects/object-detection';
import { assign } from './assignment';
import { hasMoved, MISNAMED_OVERLAP, scoreBeside } from './evidence';
import { begin, boxOf, correct, type Motion, predict } from './kalman';
import {
  aheadMs,
  DEFAULT_TRACKER,
  endAll,
  expire,
  missed,
  stateOf,
  type Track,
  type TrackerOptions,
} from './track';

export interface ObjectTrack extends Track {
  /** The class that most was seen of, by the sum of its scores: one look that errs changes nothing. */
  readonly label: string;
}

export interface ObjectTrackerOptions extends TrackerOptions {
  /** What a detection begins a track with, and is looked at first. */
  highScore: number;
  /** What one detection of a track reaches before the track is confirmed, unless it moves. */
  evidentScore: number;
  /** Below, a detection is nothing; between the two it may go on with a track that was just seen. */
  lowScore: number;
}

/** How much surer than of what it knows ByteTrack wants to be of something new (`det_thresh` in byte_tracker.py). */
const EVIDENT_MARGIN = 0.1;

const DEFAULT_OPTIONS = { ...DEFAULT_TRACKER, highScore: 0.4, lowScore: 0.15 };

/** Overlaps below which two boxes are not the same. ByteTrack asks 0.3 of young tracks, at 30 pictures a second. */
const MIN_OVERLAP = { sure: 0.2, faint: 0.5, back: 0.1, young: 0.2 };
/** By this share of its size a box is grown on each side while its speed is not known (arxiv.org/abs/2211.14317). */
const YOUNG_BUFFER = 0.4;
/** What was lost is looked for around its last box, too: who leaves the frame turns round, and is cut by its edge. */
const BACK_BUFFER = 0.5;

/** Dearer than any pair of one name. */
const MISNAMED_COST = 2;

interface Glimpse {
  readonly timestampMs: number;
  readonly label: string;
  readonly score: number;
}

interface Followed extends ObjectTrack {
  readonly motion: Motion;
  /** Its sightings that were not faint. */
  readonly sureHits: number;
  readonly firstBox: Box;
  /** It was seen well once, or has moved: what looks a little like something and stands there always is furniture. */
  readonly isEvident: boolean;
  readonly labelScores: Readonly<Record<string, number>>;
  /** While it is tentative, all that counts: its sightings of the last `maxGapMs`. What was before may be furniture. */
  readonly glimpses: readonly Glimpse[];
}

/** All that a tracker remembers: as JSON it goes to another process, which goes on from there. */
export interface ObjectTrackerState {
  readonly tracks: readonly Followed[];
  readonly nextId: number;
}

type Counts = Pick<Followed, 'firstSeenMs' | 'hits' | 'sureHits' | 'labelScores'>;
type Tally = Counts & Pick<Followed, 'glimpses'>;

interface Candidate {
  detection: ObjectDetection;
  index: number;
}

interface Round {
  tracks: readonly Followed[];
  candidates: readonly Candidate[];
  minOverlap: number;
  /** The tracks are expected where their motion leads by then; left out: around where they were last seen. */
  timestampMs?: number;
}

interface Births {
  free: readonly Candidate[];
  taken: ReadonlySet<Candidate>;
  timestampMs: number;
}

/**
 * ByteTrack (arxiv.org/abs/2110.06864): a Kalman filter says where each object should be, overlaps say which detection
 * it is; those with a low score are not thrown away but may go on with a track that nothing else fits. States and
 * times are those of `FaceTracker`; the same detections at the same times give the same tracks.
 */
export class ObjectTracker {
  private tracks: Followed[];
  private nextId: number;
  private readonly options: ObjectTrackerOptions;

  /** @param state of a tracker with the same options, to go on from */
  constructor(options: Partial<ObjectTrackerOptions> = {}, state?: ObjectTrackerState) {
    const highScore = options.highScore ?? DEFAULT_OPTIONS.highScore;
    this.options = { ...DEFAULT_OPTIONS, evidentScore: highScore + EVIDENT_MARGIN, ...options };
    this.tracks = [...(state?.tracks ?? [])];
    this.nextId = state?.nextId ?? 1;
  }

  get state(): ObjectTrackerState {
    return { tracks: this.tracks, nextId: this.nextId };
  }

  /** @returns all tracks; one that ended is told once, a tentative one vanishes silently */
  update(detections: readonly ObjectDetection[], timestampMs: number): ObjectTrack[] {
    const { highScore, lowScore } = this.options;
    const { alive, ended } = expire(this.tracks, timestampMs, this.options);
    const all = detections.map((detection, index) => ({ detection, index }));
    const high = all.filter(({ detection }) => detection.score >= highScore);
    const low = all.filter(({ detection: { score } }) => score >= lowScore && score < highScore);
    const known = alive.filter(({ state }) => state !== 'tentative');
    const young = alive.filter(({ state }) => state === 'tentative');

    const sure = pair({ tracks: known, candidates: high, minOverlap: MIN_OVERLAP.sure, timestampMs });
    const stillSeen = without(known, sure).filter(({ state }) => state === 'confirmed');
    const faint = pair({ tracks: stillSeen, candidates: low, minOverlap: MIN_OVERLAP.faint, timestampMs });
    const left = high.filter((candidate) => ![...sure.values()].includes(candidate));
    const lost = without(known, sure).filter(({ state }) => state === 'lost');
    const back = pair({ tracks: lost, candidates: left, minOverlap: MIN_OVERLAP.back });
    const others = left.filter((candidate) => ![...back.values()].includes(candidate));
    const next = pair({ tracks: young, candidates: others, minOverlap: MIN_OVERLAP.young, timestampMs });
    const dim = low.filter((candidate) => ![...faint.values()].includes(candidate));
    const perhaps = without(young, next);
    const waiting = pair({ tracks: perhaps, candidates: dim, minOverlap: MIN_OVERLAP.faint, timestampMs });

    const matches = new Map([...sure, ...faint, ...back, ...next, ...waiting]);
    this.tracks = alive.map((track) => {
      const match = matches.get(track);
      return match ? this.seen(track, match, timestampMs) : missed(track);
    });
    const taken = new Set(matches.values());
    this.beginAll({ free: others.filter((candidate) => !taken.has(candidate)), taken, timestampMs });
    return [...this.tracks, ...ended];
  }

  /** Those that are sure also beside what was seen in the same place, the surest first. */
  private beginAll({ free, taken, timestampMs }: Births): void {
    const known = [...taken].map(({ detection }) => detection);
    for (const candidate of [...free].sort((a, b) => b.detection.score - a.detection.score)) {
      if (scoreBeside(candidate.detection, known) < this.options.highScore) continue;
      known.push(candidate.detection);
      this.tracks.push(this.begin(candidate, timestampMs));
    }
  }

  /**
   * Nothing has changed since the last update: what was seen there stands still.
   * @returns all tracks, as `update`
   */
  hold(timestampMs: number): ObjectTrack[] {
    this.tracks = this.tracks.map((track) =>
      track.detection === undefined
        ? track
        : { ...track, velocity: [0, 0], lastSeenMs: timestampMs, motion: begin(track.box) },
    );
    const { alive, ended } = expire(this.tracks, timestampMs, this.options);
    this.tracks = alive;
    return [...alive, ...ended];
  }

  /** Something was seen in the last update, or may be back. */
  get isFollowing(): boolean {
    return this.tracks.length > 0;
  }

  /** Ends everything. @returns the tracks that had been confirmed */
  end(): ObjectTrack[] {
    const ended = endAll(this.tracks);
    this.tracks = [];
    return ended;
  }

  private begin({ detection: { box, score, label }, index }: Candidate, timestampMs: number): Followed {
    const isEvident = score >= this.options.evidentScore;
    return {
      id: this.nextId++,
      state: isEvident ? stateOf('tentative', 1, this.options) : 'tentative',
      box,
      velocity: [0, 0],
      score,
      label,
      labelScores: { [label]: score },
      detection: index,
      firstSeenMs: timestampMs,
      lastSeenMs: timestampMs,
      hits: 1,
      sureHits: 1,
      firstBox: box,
      isEvident,
      glimpses: [{ timestampMs, label, score }],
      motion: begin(box),
    };
  }

  private seen(track: Followed, { detection, index }: Candidate, timestampMs: number): Followed {
    const { box, score, label } = detection;
    const motion = correct(predict(track.motion, (timestampMs - track.lastSeenMs) / 1000), box);
    const isEvident = track.isEvident || score >= this.options.evidentScore || hasMoved(track.firstBox, box);
    const counted = this.counted(track, { timestampMs, label, score });
    return {
      ...track,
      ...counted,
      state: isEvident ? stateOf(track.state, counted.sureHits, this.options) : 'tentative',
      box,
      velocity: [motion[0].change, motion[1].change],
      score,
      label: bestOf(counted.labelScores),
      detection: index,
      lastSeenMs: timestampMs,
      isEvident,
      motion,
    };
  }

  private counted(track: Followed, glimpse: Glimpse): Tally {
    const { highScore, maxGapMs } = this.options;
    if (track.state !== 'tentative') return { ...added(track, glimpse, highScore), glimpses: [] };
    const glimpses = [...track.glimpses, glimpse].filter(
      ({ timestampMs }) => glimpse.timestampMs - timestampMs <= maxGapMs,
    );
    const { timestampMs: firstSeenMs } = glimpses[0] ?? glimpse;
    const nothing = { firstSeenMs, hits: 0, sureHits: 0, labelScores: {} };
    const all = glimpses.reduce<Counts>((counts, one) => added(counts, one, highScore), nothing);
    return { ...all, glimpses };
  }
}

/** One round: the optimal pairs of those that overlap enough. */
function pair({ tracks, candidates, minOverlap, timestampMs }: Round): Map<Followed, Candidate> {
  const costs = tracks.map((track) => {
    const expected =
      timestampMs === undefined
        ? track.box
        : boxOf(predict(track.motion, aheadMs(track, timestampMs) / 1000));
    const buffer = timestampMs === undefined ? BACK_BUFFER : track.hits === 1 ? YOUNG_BUFFER : 0;
    return candidates.map(({ detection: { box, label } }) => {
      const overlap = intersectionOverUnion(grown(expected, buffer), grown(box, buffer));
      if (similarTo(label, track.label)) return overlap < minOverlap ? undefined : 1 - overlap;
      return intersectionOverUnion(expected, box) < MISNAMED_OVERLAP ? undefined : MISNAMED_COST - overlap;
    });
  });
  const pairs = new Map<Followed, Candidate>();
  for (const [row, column] of assign(costs)) {
    const [track, candidate] = [tracks[row], candidates[column]];
    if (track && candidate) pairs.set(track, candidate);
  }
  return pairs;
}

function added(
  { firstSeenMs, hits, sureHits, labelScores }: Counts,
  { label, score }: Glimpse,
  highScore: number,
): Counts {
  return {
    firstSeenMs,
    hits: hits + 1,
    sureHits: sureHits + (score >= highScore ? 1 : 0),
    labelScores: { ...labelScores, [label]: (labelScores[label] ?? 0) + score },
  };
}

function without(tracks: readonly Followed[], matches: ReadonlyMap<Followed, Candidate>): Followed[] {
  return tracks.filter((track) => !matches.has(track));
}

function grown([x, y, width, height]: Box, share: number): Box {
  return [x - share * width, y - share * height, width * (1 + 2 * share), height * (1 + 2 * share)];
}

function bestOf(scores: Readonly<Record<string, number>>): string {
  return Object.entries(scores).reduce((best, entry) => (entry[1] > best[1] ? entry : best), ['', 0])[0];
}
