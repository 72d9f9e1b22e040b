import { EventPage } from '@camfleet/protocol';
import { until } from '@camfleet/testing';
import type { ApiClient } from '../../api-client';

/** What a replica that gives no page is asked again within; the run's end is noticed as soon. */
const PAGE_WITHIN_MS = 1_000;

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
    const page = async () => {
      const found = this.isOver ? [] : await this.nextPage().catch(() => []);
      this.read.push(...found.map(({ id, sequence }) => ({ id, sequence })));
      return this.isOver || found.length > 0;
    };
    while (!this.isOver) await until('there are new events', page, PAGE_WITHIN_MS).catch(() => false);
  }

  private async nextPage() {
    const answer = await this.api.call('GET', `/api/events?after=${this.after}&limit=500`);
    return answer.status === 200 ? EventPage.parse(answer.body).items : [];
  }
}
