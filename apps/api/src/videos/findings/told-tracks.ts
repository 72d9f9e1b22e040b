import {
  appendAfterCommit,
  appendAtCommit,
  FindingsRepository,
  type Transaction,
  type WhoseTracks,
} from '@camfleet/database';
import type { FoundVideo } from './found-video';
import type { ToldTrack } from './track-events';

/** Events that are numbered with the result itself: some tens of ms, in which nobody else's are. */
const MAX_AT_ONCE = 1_000;

/** Stores one analysis's tracks and what they tell, piece by piece, in the place of those of the run before. */
export class ToldTracks {
  private readonly findings: FindingsRepository;
  private events = 0;

  constructor(
    private readonly tx: Transaction,
    private readonly whose: FoundVideo & WhoseTracks,
  ) {
    this.findings = new FindingsRepository(tx);
  }

  begin(): Promise<void> {
    return this.findings.beginTracks(this.whose);
  }

  async add(told: readonly ToldTrack[]): Promise<void> {
    const { tx, whose } = this;
    await this.findings.addTracks(
      whose,
      told.map(({ row }) => row),
    );
    // A clip shows what its camera's events tell of already.
    const events = whose.isClip ? [] : told.flatMap((track) => track.events);
    this.events += events.length;
    if (this.events <= MAX_AT_ONCE) await appendAtCommit(tx, events);
    else await appendAfterCommit(tx, whose, events);
  }

  end(numbersGone?: (trackIds: readonly number[]) => Promise<void>): Promise<void> {
    return this.findings.endTracks(this.whose, numbersGone);
  }
}
