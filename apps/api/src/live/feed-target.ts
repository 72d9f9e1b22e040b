import { type FeedSource, FeedSourcesRepository } from '@camfleet/database';
import { Injectable } from '@nestjs/common';
import { Gathering } from '../core/gathering';

/** Cameras that are looked up in one query. */
const LOOKUPS_AT_ONCE = 1_000;

/** Where a camera's pictures come from now; while it moves, also where they will come from. */
export type FeedTarget =
  | { kind: 'worker'; source: FeedSource; upcoming?: FeedSource }
  | { kind: 'waiting' }
  | { kind: 'stopped' }
  | { kind: 'deleted' };

@Injectable()
export class FeedTargets {
  /** All cameras of a lost worker are asked about at once. */
  private readonly lookups = new Gathering(
    async (cameraIds: string[]) => {
      const found = await this.sources.of(cameraIds);
      return cameraIds.map((id) => found.get(id));
    },
    { maxItems: LOOKUPS_AT_ONCE },
  );

  constructor(private readonly sources: FeedSourcesRepository) {}

  async of(cameraId: string): Promise<FeedTarget> {
    const found = await this.lookups.do(cameraId);
    if (!found) return { kind: 'deleted' };
    if (found.desired !== 'running') return { kind: 'stopped' };
    const { serving, upcoming } = found;
    return serving ? { kind: 'worker', source: serving, upcoming } : { kind: 'waiting' };
  }
}

/** True when both are one worker's running of one epoch. */
export function sameSource(a: FeedSource | undefined, b: FeedSource | undefined): boolean {
  return a?.workerId === b?.workerId && a?.epoch === b?.epoch && a?.publicUrl === b?.publicUrl;
}
