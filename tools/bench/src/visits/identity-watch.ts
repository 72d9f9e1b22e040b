import type { ApiClient } from '../fleet/api-client';
import { pause } from '../measure/pause';

const INTERVAL_MS = 250;

/** Sees whom each visit is said to show, as somebody who never stops looking at the dashboard. */
export class IdentityWatch implements AsyncDisposable {
  /** Of each visit: one after another; `undefined`: nobody known. */
  private readonly said = new Map<string, (string | undefined)[]>();
  private isOver = false;
  private readonly work: Promise<void>;

  constructor(private readonly api: ApiClient) {
    this.work = this.follow();
  }

  /** From one person to another, or back to nobody. */
  get flips(): number {
    return [...this.said.values()].reduce(
      (sum, people) => sum + people.slice(1).filter((_, index) => people[index] !== undefined).length,
      0,
    );
  }

  async look(): Promise<void> {
    for (const { trackId = '', personId } of await this.api.visits()) {
      const people = this.said.get(trackId) ?? [];
      if (people.length === 0 || people.at(-1) !== personId) this.said.set(trackId, [...people, personId]);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.isOver = true;
    await this.work;
  }

  private async follow(): Promise<void> {
    while (!this.isOver) {
      await this.look();
      await pause(INTERVAL_MS);
    }
  }
}
