import type { FaceDescription, FaceRegion, Track } from '@camfleet/vision';
import { qualityBound } from '@camfleet/vision';
import { type EventOrigin, newTrackId } from './track-event';
import { TrackIdentity } from './track-identity';

/** Below this height the embedder confuses people (equal error rate 0.7 % at 40 px, 2.8 % at 30). */
const MIN_EMBED_HEIGHT_PX = 40;
/** A face of 40 px that is a little blurred and looks fairly this way. */
const MIN_EMBED_SCORE = 0.08;
/** The first embeddings come this far apart; then the mean is sure enough, and they only check that it still holds. */
const EMBED_INTERVAL_MS = 1_000;
const CHECK_INTERVAL_MS = 3_000;
const ENOUGH_EMBEDDINGS = 4;
/** Who was not seen for so long may have changed places with somebody. */
const DOUBTFUL_GAP_MS = 400;
const EVENT_INTERVAL_MS = 1_000;
const DESCRIBE_INTERVAL_MS = 400;
/** The mean is told again when it rests on so many times as much. */
const SURER = 2;

/** What counts as noticeably better than a score. */
const betterThan = (score: number) => Math.max(score * 1.15, score + 0.03);

/** `undefined`: no embedding. */
export interface DescribeWish {
  embedFromScore: number | undefined;
}

/** What a description changes: nothing worth telling, something, or that the track shows somebody else by now. */
export type Learned = 'nothing' | 'better' | 'somebody else';

export interface VisitOptions extends EventOrigin {
  samePersonScore: number;
}

/** One person passing: what has been told of them, and what is worth finding out. */
export class Visit {
  readonly trackId: string;
  readonly label = 'face';
  readonly identity: TrackIdentity;
  readonly firstSeenMs: number;
  isAnnounced = false;
  updates = 0;
  /** Of the pictures that were told. */
  private bestScore = 0;
  private embeddings = 0;
  private toldWeight = 0;
  private isDoubtful = false;
  /** Of the tracks that it had before this one, less those of somebody else on this one. */
  private earlierSightings: number;
  private lastDescribedMs = -Infinity;
  private lastEmbeddedMs = -Infinity;
  private lastEventMs = -Infinity;

  constructor(
    public track: Track,
    options: VisitOptions,
    /** Where the track showed somebody else before. */
    since?: { firstSeenMs: number; hitsBefore: number },
  ) {
    this.trackId = newTrackId(options);
    this.identity = new TrackIdentity(options.samePersonScore);
    this.firstSeenMs = since?.firstSeenMs ?? track.firstSeenMs;
    this.earlierSightings = -(since?.hitsBefore ?? 0);
  }

  /** The track goes on. */
  follow(track: Track): void {
    if (track.lastSeenMs - this.track.lastSeenMs >= DOUBTFUL_GAP_MS) this.isDoubtful = true;
    this.track = track;
  }

  /** The person is back, as another track. */
  resume({ track, identity }: Visit): void {
    this.earlierSightings = this.sightings;
    this.track = track;
    this.identity.join(identity);
    this.isDoubtful = false;
  }

  /** Undefined: looking at this face now could tell nothing new. */
  wish(region: FaceRegion, nowMs: number): DescribeWish | undefined {
    const embedFromScore = this.isEmbeddingDue(region, nowMs) ? MIN_EMBED_SCORE : undefined;
    if (!this.isAnnounced) return { embedFromScore };
    if (nowMs - this.lastEventMs < EVENT_INTERVAL_MS) return undefined;
    if (nowMs - this.lastDescribedMs < DESCRIBE_INTERVAL_MS) return undefined;
    const mayBeBetter = qualityBound(region) >= betterThan(this.bestScore);
    return mayBeBetter || embedFromScore !== undefined ? { embedFromScore } : undefined;
  }

  /** Takes note of a description. */
  learn({ quality, embedding }: FaceDescription, nowMs: number): Learned {
    const fit = embedding && this.learnEmbedding(embedding, { score: quality.score, nowMs });
    this.lastDescribedMs = nowMs;
    if (fit === 'other') return 'somebody else';
    const isSurer = this.identity.weight > 0 && this.identity.weight >= SURER * this.toldWeight;
    // The picture of one who does not fit must not become the visit's best.
    if (fit === 'odd') return this.isAnnounced ? 'nothing' : 'better';
    return !this.isAnnounced || this.isBetter(quality.score) || isSurer ? 'better' : 'nothing';
  }

  /** Whether a picture of this score is worth telling. */
  isBetter(score: number): boolean {
    return score >= betterThan(this.bestScore);
  }

  /**
   * @param score of the picture that is told
   * @returns the identity, when it rests on more than what was told before
   */
  told(nowMs: number, score: number): Float32Array | undefined {
    const isSurer = this.identity.weight > this.toldWeight;
    this.bestScore = Math.max(this.bestScore, score);
    this.isAnnounced = true;
    this.lastEventMs = nowMs;
    this.toldWeight = this.identity.weight;
    return isSurer ? this.identity.vector : undefined;
  }

  get best(): number {
    return this.bestScore;
  }

  get sightings(): number {
    return this.earlierSightings + this.track.hits;
  }

  private isEmbeddingDue(region: FaceRegion, nowMs: number): boolean {
    if (region.heightPx < MIN_EMBED_HEIGHT_PX || qualityBound(region) < MIN_EMBED_SCORE) return false;
    const isSure = this.embeddings >= ENOUGH_EMBEDDINGS && !this.isDoubtful;
    return nowMs - this.lastEmbeddedMs >= (isSure ? CHECK_INTERVAL_MS : EMBED_INTERVAL_MS);
  }

  private learnEmbedding(embedding: Float32Array, { score, nowMs }: { score: number; nowMs: number }) {
    this.lastEmbeddedMs = nowMs;
    this.embeddings += 1;
    const fit = this.identity.add(embedding, score);
    this.isDoubtful = fit === 'odd';
    return fit;
  }
}
