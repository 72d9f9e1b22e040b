import { CamfleetError } from '@camfleet/domain';
import {
  type FaceSighting,
  type FaceVisitRow,
  RecognitionRepository,
  type RecognitionRound,
  newVisit,
} from '@camfleet/database';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { AssetSweeper } from '../../assets/asset-sweeper';
import { API_OPTIONS, type ApiOptions } from '../../core/api-options';
import { ChangeFeed } from '../../core/change-feed';
import { FaceLibrary } from '../library/face-library';
import { withSighting } from './pooling';
import { JudgingRound } from './round';
import { ScoresService } from './scores.service';

/** Faces, and as many visits to be judged anew: with 100,000 groups each takes some 20 ms. */
const MAX_ROUND = 128;
const ROUND_STEP = 8;
const FACES_A_ROUND = 20;
/** Unknown visits that one new face may give a name to; the nearest of them. */
const LOOK_BACK = 10_000;
/** After a round that failed, or could not be. */
const RETRY_MS = 1_000;
const FORGET_INTERVAL_MS = 3_600_000;
/** For how long a caller waits for another replica's round. */
const SETTLE_TIMEOUT_MS = 2_000;
const SETTLE_RETRY_MS = 25;

type Progress = 'more' | 'done' | 'elsewhere';

/**
 * Follows the events of faces and says who was seen. One replica at a time works, in rounds of one transaction: a
 * crash leaves the round undone, and nothing is missed.
 */
@Injectable()
export class Recogniser implements OnApplicationBootstrap, OnApplicationShutdown {
  private working?: Promise<void>;
  private again = false;
  private isStopped = false;
  /**
   * Halved by a round that fails, for it may have taken too long; one that succeeds adds a little: doubling would have
   * every second round fail while the database is slow.
   */
  private roundSize = MAX_ROUND;
  private forgetting?: NodeJS.Timeout;
  private retry?: NodeJS.Timeout;

  constructor(
    private readonly recognition: RecognitionRepository,
    private readonly library: FaceLibrary,
    private readonly scores: ScoresService,
    private readonly sweeper: AssetSweeper,
    private readonly changes: ChangeFeed,
    @Inject(API_OPTIONS) private readonly options: ApiOptions,
  ) {}

  onApplicationBootstrap(): void {
    this.changes.on('events', (cause) => {
      if (cause === 'told') this.wake();
    });
    // Told or polled: what a lost notification left is found by this.
    this.changes.on('people', () => this.wake());
    const forget = () => void this.recognition.forgetTombstones().catch((err: unknown) => this.failed(err));
    this.forgetting = setInterval(forget, FORGET_INTERVAL_MS);
    this.wake();
  }

  async onApplicationShutdown(): Promise<void> {
    this.isStopped = true;
    clearInterval(this.forgetting);
    clearTimeout(this.retry);
    await this.working;
  }

  /**
   * Everything that was stored before the call is recognised after it. Throws `DATABASE_UNAVAILABLE` when it takes too
   * long: what hangs on it is to be tried again, for without it a word of a user's would be taken without the face.
   */
  async settle(): Promise<void> {
    if (await this.isSettled()) return;
    throw new CamfleetError(
      'DATABASE_UNAVAILABLE',
      'What was seen before is still being recognised; try again.',
    );
  }

  /** As {@link settle}; answers whether it could. */
  async isSettled(): Promise<boolean> {
    const deadline = performance.now() + SETTLE_TIMEOUT_MS;
    while (!this.isStopped && performance.now() < deadline) {
      const progress = await this.round();
      if (progress === 'done') return true;
      if (progress === 'elsewhere') await new Promise((resolve) => setTimeout(resolve, SETTLE_RETRY_MS));
    }
    return false;
  }

  private wake(): void {
    this.again = true;
    this.working ??= this.work().finally(() => (this.working = undefined));
  }

  private async work(): Promise<void> {
    while (this.again && !this.isStopped) {
      this.again = false;
      let progress: Progress = 'more';
      try {
        while (!this.isStopped && progress === 'more') progress = await this.round();
      } catch (err) {
        this.roundSize = Math.max(1, this.roundSize >> 1);
        if (!this.isStopped) this.failed(err);
      }
      if (progress !== 'done') this.wakeLater();
    }
  }

  /** After a failure, or while another one is at it: who may fail without telling anybody. */
  private wakeLater(): void {
    clearTimeout(this.retry);
    if (!this.isStopped) this.retry = setTimeout(() => this.wake(), RETRY_MS);
  }

  private failed(err: unknown): void {
    this.options.logger.warn({ err }, 'recogniser.failed');
  }

  private async round(): Promise<Progress> {
    // What may be much is read before others have to wait for it.
    await this.library.follow();
    const done = await this.recognition.round(async (round) => {
      await this.library.follow();
      return this.recognise(round);
    });
    await this.sweeper.remove(done?.assetKeys ?? []);
    this.roundSize = Math.min(MAX_ROUND, this.roundSize + ROUND_STEP);
    return done?.progress ?? 'elsewhere';
  }

  private async recognise(round: RecognitionRound): Promise<{ progress: Progress; assetKeys: string[] }> {
    const { sightings, upTo, isAll, assetKeys } = await round.sightings(this.roundSize);
    const pending = await round.pendingVisits(this.roundSize);
    const faces = await round.pendingFaces(FACES_A_ROUND);
    const visits = await this.visitsAfter(round, { sightings, pending });
    const groupSizes = await round.groupSizes(visits.flatMap(({ groupId }) => groupId ?? []));
    const judging = new JudgingRound(this.library, this.scores, groupSizes);
    await round.save(await judging.judgeAll(visits));
    for (const face of faces) await round.lookedBack(face, await judging.lookBack(face, LOOK_BACK));
    await round.advance(upTo);
    const isMore = !isAll || pending.length > 0 || faces.length > 0;
    return { progress: isMore ? 'more' : 'done', assetKeys };
  }

  /** The visits that there is something new of, and those that are to be judged anew. */
  private async visitsAfter(
    round: RecognitionRound,
    { sightings, pending }: { sightings: readonly FaceSighting[]; pending: readonly FaceVisitRow[] },
  ): Promise<FaceVisitRow[]> {
    const stored = sightings.length > 0 ? await round.visitsOf(sightings) : [];
    const visits = new Map([...stored, ...pending].map((visit) => [keyOf(visit), visit]));
    for (const sighting of sightings) {
      const visit = visits.get(keyOf(sighting));
      if (!visit && sighting.embedding.length === 0) continue;
      visits.set(keyOf(sighting), withSighting(visit ?? newVisit(sighting), sighting));
    }
    return [...visits.values()];
  }
}

function keyOf({ tenantId, trackId }: Pick<FaceVisitRow, 'tenantId' | 'trackId'>): string {
  return JSON.stringify([tenantId, trackId]);
}
