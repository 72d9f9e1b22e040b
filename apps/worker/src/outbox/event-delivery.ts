import { EventBatchAnswer } from '@camfleet/protocol';
import type { Logger } from '@camfleet/telemetry';
import { BackOff } from '../capture/back-off';
import type { ApiAnswer, ApiClient } from '../fleet/api-client';
import { pause } from '../fleet/pause';
import type { EventOutbox } from './event-outbox';
import { type OutboxEvent, toWire } from './record';
import type { RejectedFile } from './rejected-file';

const MAX_BATCH_EVENTS = 500;
/** In base64 a third more, and the JSON beside it: below the API's 16 MiB. */
const MAX_BATCH_SNAPSHOT_BYTES = 9 * 1024 * 1024;
const DELIVERY_TIMEOUT_MS = 15_000;
/** Events of the same moment go together. */
const COALESCE_MS = 3;

export interface EventDeliveryOptions {
  outbox: EventOutbox;
  rejectedFile: RejectedFile;
  api: ApiClient;
  workerId: string;
  logger: Logger;
}

/** Carries the outbox to the API: at once when an event waits, with back-off and jitter when the API is away. */
export class EventDelivery {
  private readonly stopping = new AbortController();
  private readonly backOff = new BackOff({ firstMs: 200, capMs: 10_000 });
  private maxEvents = MAX_BATCH_EVENTS;
  private asked = false;
  private wake: () => void = () => undefined;
  private readonly running: Promise<void>;

  constructor(private readonly options: EventDeliveryOptions) {
    this.running = this.run();
  }

  /** An event waits. */
  request(): void {
    this.asked = true;
    this.wake();
  }

  /** Gives what waits one last chance of `graceMs`; the rest stays on disk for the next start. */
  async stop(graceMs: number): Promise<void> {
    const deadline = performance.now() + graceMs;
    this.request();
    while (this.options.outbox.status().depth > 0 && performance.now() < deadline) await pause(10);
    this.stopping.abort();
    this.wake();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      this.asked = false;
      const outcome = await this.deliverNext();
      if (outcome === 'failed') await pause(this.backOff.nextMs(), signal);
      else if (outcome === 'empty') await this.untilAsked();
    }
  }

  private async untilAsked(): Promise<void> {
    if (!this.asked && !this.stopping.signal.aborted) {
      await new Promise<void>((resolve) => (this.wake = resolve));
      this.wake = () => undefined;
    }
    await pause(COALESCE_MS, this.stopping.signal);
  }

  private async deliverNext(): Promise<'sent' | 'empty' | 'failed'> {
    const { outbox, api, workerId, logger } = this.options;
    try {
      const limits = { maxEvents: this.maxEvents, maxSnapshotBytes: MAX_BATCH_SNAPSHOT_BYTES };
      const events = await outbox.peek(limits);
      if (events.length === 0) return 'empty';
      const answer = await api.call({
        method: 'POST',
        path: '/api/events',
        body: { workerId, events: events.map(toWire) },
        timeoutMs: DELIVERY_TIMEOUT_MS,
        signal: this.stopping.signal,
      });
      return await this.take(events, answer);
    } catch (error) {
      if (!this.stopping.signal.aborted) logger.warn({ cause: String(error) }, 'events.not-delivered');
      return 'failed';
    }
  }

  private async take(events: readonly OutboxEvent[], answer: ApiAnswer): Promise<'sent' | 'failed'> {
    const parsed = answer.status === 200 ? EventBatchAnswer.safeParse(answer.body) : undefined;
    if (parsed?.success) {
      const codes = new Map(parsed.data.rejected.map(({ id, code }) => [id, code]));
      await this.settle(events, (event) => codes.get(event.event.id));
      this.backOff.reset();
      this.maxEvents = Math.min(MAX_BATCH_EVENTS, this.maxEvents * 2);
      return 'sent';
    }
    if (answer.status === 413 || answer.status === 400) return this.narrow(events, answer);
    const { status, errorCode: code, url: apiUrl } = answer;
    this.options.logger.warn({ status, code, apiUrl }, 'events.refused');
    return 'failed';
  }

  /** Half of the batch, until the one event that the API cannot take stands alone. */
  private async narrow(events: readonly OutboxEvent[], answer: ApiAnswer): Promise<'sent' | 'failed'> {
    if (events.length > 1) {
      this.maxEvents = Math.ceil(events.length / 2);
      return 'sent';
    }
    await this.settle(events, () => answer.errorCode ?? `HTTP_${answer.status}`);
    return 'sent';
  }

  private async settle(
    events: readonly OutboxEvent[],
    rejection: (event: OutboxEvent) => string | undefined,
  ): Promise<void> {
    const rejected = events.flatMap((event) => {
      const code = rejection(event);
      return code === undefined ? [] : [{ event, code }];
    });
    if (rejected.length > 0) {
      this.options.logger.warn({ count: rejected.length, code: rejected[0]?.code }, 'events.rejected');
      await this.options.rejectedFile.add(rejected).catch(() => undefined);
    }
    await this.options.outbox.delivered(events, rejected.length);
  }
}
