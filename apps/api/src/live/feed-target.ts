import { type FeedSource, FeedSourcesRepository, type FeedSources } from '@camfleet/database';
import { Injectable } from '@nestjs/common';

/** Where a camera's pictures come from now; while it moves, also where they will come from. */
export type FeedTarget =
  | { kind: 'worker'; source: FeedSource; upcoming?: FeedSource }
  | { kind: 'waiting' }
  | { kind: 'stopped' }
  | { kind: 'deleted' };

@Injectable()
export class FeedTargets {
  private asked?: { cameraIds: Set<string>; answer: Promise<Map<string, FeedSources>> };

  constructor(private readonly sources: FeedSourcesRepository) {}

  /** Cameras that are asked about in one turn of the loop (all of a lost worker) are looked up in one query. */
  async of(cameraId: string): Promise<FeedTarget> {
    if (!this.asked) {
      const cameraIds = new Set<string>();
      this.asked = { cameraIds, answer: this.lookUp(cameraIds) };
    }
    this.asked.cameraIds.add(cameraId);
    const found = (await this.asked.answer).get(cameraId);
    if (!found) return { kind: 'deleted' };
    if (found.desired !== 'running') return { kind: 'stopped' };
    const { serving, upcoming } = found;
    return serving ? { kind: 'worker', source: serving, upcoming } : { kind: 'waiting' };
  }

  private async lookUp(cameraIds: ReadonlySet<string>): Promise<Map<string, FeedSources>> {
    await new Promise((resolve) => setImmediate(resolve));
    this.asked = undefined;
    return this.sources.of([...cameraIds]);
  }
}

/** True when both are one worker's running of one epoch. */
export function sameSource(a: FeedSource | undefined, b: FeedSource | undefined): boolean {
  return a?.workerId === b?.workerId && a?.epoch === b?.epoch && a?.publicUrl === b?.publicUrl;
}
