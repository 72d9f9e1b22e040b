import { randomBytes } from 'node:crypto';
import type { FaceDescription, FaceRegion, Track } from '@camfleet/vision';
import { qualityBound } from '@camfleet/vision';

/** Below this height the embedder confuses people (equal error rate 0.7 % at 40 px, 2.8 % at 30). */
const MIN_EMBED_HEIGHT_PX = 40;
/** A face of 40 px that is a little blurred and looks fairly this way. */
const MIN_EMBED_SCORE = 0.08;
const EMBED_INTERVAL_MS = 1_000;
const EVENT_INTERVAL_MS = 1_000;
const DESCRIBE_INTERVAL_MS = 400;

/** What counts as noticeably better than a score. */
const betterThan = (score: number) => Math.max(score * 1.15, score + 0.03);

/** `undefined`: no embedding. */
export interface DescribeWish {
  embedFromScore: number | undefined;
}

/** One person passing: what has been told of them, and what is worth finding out. */
export class Visit {
  /** Unique in the fleet: a process that starts anew within an epoch must not reuse it. */
  readonly trackId: string;
  isAnnounced = false;
  updates = 0;
  private bestScore = 0;
  private embeddedScore: number | undefined;
  private lastDescribedMs = -Infinity;
  private lastEmbeddedMs = -Infinity;
  private lastEventMs = -Infinity;

  constructor(
    public track: Track,
    { cameraId, epoch }: { cameraId: string; epoch: number },
  ) {
    this.trackId = `${cameraId}-${epoch}-${randomBytes(6).toString('hex')}`;
  }

  /** Undefined: looking at this face now could tell nothing new. */
  wish(region: FaceRegion, nowMs: number): DescribeWish | undefined {
    const embedFromScore = this.embedFromScore(region, nowMs);
    if (!this.isAnnounced) return { embedFromScore };
    if (nowMs - this.lastEventMs < EVENT_INTERVAL_MS) return undefined;
    if (nowMs - this.lastDescribedMs < DESCRIBE_INTERVAL_MS) return undefined;
    const bound = qualityBound(region);
    const mayBeBetter = bound >= betterThan(this.bestScore);
    const mayEmbed =
      this.embeddedScore === undefined && embedFromScore !== undefined && bound >= embedFromScore;
    return mayBeBetter || mayEmbed ? { embedFromScore } : undefined;
  }

  /** Takes note of a description. @returns whether it is worth an event */
  learn({ quality, embedding }: FaceDescription, nowMs: number): boolean {
    const isFirstEmbedding = embedding !== undefined && this.embeddedScore === undefined;
    const isBetter = quality.score >= betterThan(this.bestScore);
    this.lastDescribedMs = nowMs;
    this.bestScore = Math.max(this.bestScore, quality.score);
    if (embedding) {
      this.embeddedScore = quality.score;
      this.lastEmbeddedMs = nowMs;
    }
    return !this.isAnnounced || isBetter || isFirstEmbedding;
  }

  told(nowMs: number): void {
    this.isAnnounced = true;
    this.lastEventMs = nowMs;
  }

  get best(): number {
    return this.bestScore;
  }

  private embedFromScore({ heightPx }: FaceRegion, nowMs: number): number | undefined {
    if (heightPx < MIN_EMBED_HEIGHT_PX || nowMs - this.lastEmbeddedMs < EMBED_INTERVAL_MS) return undefined;
    return this.embeddedScore === undefined ? MIN_EMBED_SCORE : betterThan(this.embeddedScore);
  }
}
