import { EventPage } from '@camfleet/protocol';
import type { ApiClient } from '../../api-client';

const PAUSE_MS = 150;

/** A program that follows the events of one replica with `after`, as the contract tells it to. */
export class EventReader implements AsyncDisposable {
  /** In the order in which they came. */
  readonly read: { id: string; sequence: number }[] = [];
  private isOver = false;
  private readonly work: Promise<void>;

  constructor(private readonly api: ApiClient) {
    this.work = this.follow();
  }

  /** The newest that it has read; 0: none. */
  get after(): number {
    return this.read.at(-1)?.sequence ?? 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.isOver = true;
    await this.work;
  }

  private async follow(): Promise<void> {
    while (!this.isOver) {
      const found = await this.nextPage().catch(() => []);
      this.read.push(...found.map(({ id, sequence }) => ({ id, sequence })));
      if (found.length === 0) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }

  private async nextPage() {
    const answer = await this.api.call('GET', `/api/events?after=${this.after}&limit=500`);
    return answer.status === 200 ? EventPage.parse(answer.body).items : [];
  }
}
