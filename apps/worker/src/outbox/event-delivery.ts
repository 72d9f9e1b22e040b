import { LinkedAbort } from '@camfleet/domain';
import { EventBatchAnswer } from '@camfleet/protocol';
import type { Logger } from '@camfleet/telemetry';
import { BackOff } from '../capture/back-off';
import { type ApiAnswer, type ApiClient, ApiUnreachableError } from '../fleet/api-client';
import { pause } from '../fleet/pause';
import type { EventOutbox } from './event-outbox';
import { type OutboxEvent, toWire } from './record';
import type { RejectedFile } from './rejected-file';

const MAX_BATCH_EVENTS = 500;
/** An API that is too slow for the whole batch gets smaller ones; so many are worth a call. */
const MIN_BATCH_EVENTS = 20;
/** A batch that took longer is large enough. */
const SLOW_ANSWER_MS = 3_000;
const MAX_RETRY_AFTER_MS = 60_000;
/** In base64 a third more, and the JSON beside it: below the API's 16 MiB. */
const MAX_BATCH_SNAPSHOT_BYTES = 9 * 1024 * 1024;
const DELIVERY_TIMEOUT_MS = 15_000;
/** Events of the same moment go together. */
const COALESCE_MS = 3;
/** These speak of the worker or of the moment, not of the events: the same batch is tried again. */
const NOT_OF_THE_EVENTS: ReadonlySet<number> = new Set([401, 403, 404, 408, 409, 410, 429]);
/** Answers of `INTERNAL_ERROR`, one after the other, that make a batch suspect. */
const SUSPECT_AFTER_FAILURES = 5;
const TRIALS = 3;
/** An event that nothing waits behind is given up after so many of them, and not before this time has passed. */
const LONELY = { answers: 50, forMs: 10 * 60_000 };

export interface EventDeliveryOptions {
  outbox: EventOutbox;
  rejectedFile: RejectedFile;
  api: ApiClient;
  workerId: string;
  logger: Logger;
  /** How long it waits after a failure. */
  retry?: { firstMs: number; capMs: number };
  /** When an event that waits alone, and that the API always breaks over, is put aside. */
  lonely?: { answers: number; forMs: number };
}

/** Carries the outbox to the API: at once when an event waits, with back-off and jitter when the API is away. */
export class EventDelivery {
  private readonly stopping = new AbortController();
  private readonly backOff: BackOff;
  /** Answers of `INTERNAL_ERROR`, one after the other. */
  private internalErrors = 0;
  /** The event that waits alone, and that the API has broken over since then. */
  private lonely?: { id: string; answers: number; sinceMs: number };
  private maxEvents = MAX_BATCH_EVENTS;
  /** Of the batch under way; `Infinity` before it is sent. */
  private sentAtMs = Infinity;
  /** What the API asked for with its last answer. */
  private retryAfterMs = 0;
  private asked = false;
  private wake: () => void = () => undefined;
  /** The wait after a failure; undefined: there is none. */
  private backingOff: LinkedAbort | undefined;
  /** A call to the API that is under way. */
  private calling: LinkedAbort | undefined;
  /** No heartbeat was answered since the last one that was. */
  private isApiAway = false;
  /** False when heartbeats were answered and events failed all the same: then the back-off is right. */
  private mayHurry = true;
  private readonly running: Promise<void>;

  constructor(private readonly options: EventDeliveryOptions) {
    this.backOff = new BackOff(options.retry ?? { firstMs: 200, capMs: 10_000 });
    this.running = this.run();
  }

  /** An event waits. */
  request(): void {
    this.asked = true;
    this.wake();
  }

  /**
   * A heartbeat was answered, or not. After an outage nothing is waited for any more: neither the back-off's end nor
   * the answer to a call that was made before or during it.
   */
  heartbeatAnswered(answered: boolean): void {
    const isBack = answered && this.isApiAway;
    this.isApiAway = !answered;
    if (isBack) {
      this.mayHurry = true;
      this.backOff.reset();
      this.calling?.abort();
    }
    if (!answered || !this.mayHurry || !this.backingOff || this.retryAfterMs > 0) return;
    this.mayHurry = false;
    this.backOff.reset();
    this.backingOff.abort();
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
      this.retryAfterMs = 0;
      const outcome = await this.deliverNext();
      if (outcome === 'failed') await this.waitAfterFailure();
      else if (outcome === 'empty') await this.untilAsked();
    }
  }

  private async waitAfterFailure(): Promise<void> {
    using waiting = new LinkedAbort([this.stopping.signal]);
    this.backingOff = waiting;
    await pause(this.retryAfterMs + this.backOff.nextMs(), waiting.signal);
    this.backingOff = undefined;
  }

  private async untilAsked(): Promise<void> {
    if (!this.asked && !this.stopping.signal.aborted) {
      await new Promise<void>((resolve) => (this.wake = resolve));
      this.wake = () => undefined;
    }
    await pause(COALESCE_MS, this.stopping.signal);
  }

  private async deliverNext(): Promise<'sent' | 'empty' | 'failed'> {
    this.sentAtMs = Infinity;
    try {
      const events = await this.peek(this.maxEvents);
      if (events.length === 0) return 'empty';
      return await this.take(events, await this.send(events));
    } catch (error) {
      if (!this.stopping.signal.aborted) {
        this.options.logger.warn({ cause: String(error) }, 'events.not-delivered');
      }
      const isTooSlow = performance.now() - this.sentAtMs >= DELIVERY_TIMEOUT_MS;
      if (isTooSlow) this.maxEvents = Math.max(MIN_BATCH_EVENTS, Math.ceil(this.maxEvents / 2));
      return 'failed';
    }
  }

  private peek(maxEvents: number): Promise<OutboxEvent[]> {
    return this.options.outbox.peek({ maxEvents, maxSnapshotBytes: MAX_BATCH_SNAPSHOT_BYTES });
  }

  /** Throws when no replica answered at all. */
  private async send(events: readonly OutboxEvent[]): Promise<ApiAnswer> {
    const { api, workerId } = this.options;
    this.sentAtMs = performance.now();
    using calling = new LinkedAbort([this.stopping.signal]);
    this.calling = calling;
    try {
      return await api.call({
        method: 'POST',
        path: '/api/events',
        body: { workerId, events: events.map(toWire) },
        timeoutMs: DELIVERY_TIMEOUT_MS,
        signal: calling.signal,
      });
    } catch (error) {
      if (error instanceof ApiUnreachableError && error.answer) return error.answer;
      throw error;
    } finally {
      this.calling = undefined;
    }
  }

  private async take(events: readonly OutboxEvent[], answer: ApiAnswer): Promise<'sent' | 'failed'> {
    const { status, errorCode: code, url: apiUrl } = answer;
    const parsed = status === 200 ? EventBatchAnswer.safeParse(answer.body) : undefined;
    if (parsed?.success) {
      const codes = new Map(parsed.data.rejected.map((rejected) => [rejected.id, rejected.code]));
      await this.settle(events, (event) => codes.get(event.event.id));
      this.backOff.reset();
      this.mayHurry = true;
      this.internalErrors = 0;
      if (performance.now() - this.sentAtMs < SLOW_ANSWER_MS) {
        this.maxEvents = Math.min(MAX_BATCH_EVENTS, this.maxEvents * 2);
      }
      return 'sent';
    }
    this.options.logger.warn({ status, code, apiUrl, count: events.length }, 'events.refused');
    this.retryAfterMs = Math.min(answer.retryAfterMs ?? 0, MAX_RETRY_AFTER_MS);
    if (status === 413) return this.narrow(events, code ?? 'BODY_TOO_LARGE');
    // Without a code of the contract it was not the API that spoke, but something in between.
    const isOfTheEvents = status < 500 && code !== undefined && !NOT_OF_THE_EVENTS.has(status);
    if (isOfTheEvents) return this.narrow(events, 'VALIDATION_FAILED');
    this.internalErrors = code === 'INTERNAL_ERROR' ? this.internalErrors + 1 : 0;
    if (this.internalErrors < SUSPECT_AFTER_FAILURES) return 'failed';
    if (events.length > 1) return this.narrow(events, 'INTERNAL_ERROR');
    return this.convict(events);
  }

  /** Half of the batch, until the one event that the API cannot take stands alone. */
  private async narrow(events: readonly OutboxEvent[], code: string): Promise<'sent'> {
    if (events.length > 1) this.maxEvents = Math.ceil(events.length / 2);
    else await this.settle(events, () => code);
    return 'sent';
  }

  /**
   * Puts the one event aside when the API takes others and refuses this one, several times in turns: an API that
   * takes nothing at all, or has just come back, is no reason to. Where no other waits, time has to tell.
   */
  private async convict(events: readonly OutboxEvent[]): Promise<'sent' | 'failed'> {
    for (let trial = 0; trial < TRIALS; trial += 1) {
      const other = await this.another(events);
      if (!other) return this.isGivenUp(events) ? this.narrow(events, 'INTERNAL_ERROR') : 'failed';
      if ((await this.send([other])).status !== 200) return 'failed';
      const answer = await this.send(events);
      if (answer.errorCode !== 'INTERNAL_ERROR') return this.take(events, answer);
    }
    return this.narrow(events, 'INTERNAL_ERROR');
  }

  /** One of those that wait behind, to be sent ahead; it goes once more in its turn, which is harmless. */
  private async another(refused: readonly OutboxEvent[]): Promise<OutboxEvent | undefined> {
    const others = (await this.peek(MAX_BATCH_EVENTS)).filter((event) => !refused.includes(event));
    return others[Math.floor(Math.random() * others.length)];
  }

  private isGivenUp([refused]: readonly OutboxEvent[]): boolean {
    const id = refused?.event.id ?? '';
    if (this.lonely?.id !== id) this.lonely = { id, answers: 0, sinceMs: performance.now() };
    this.lonely.answers += 1;
    const { answers, forMs } = this.options.lonely ?? LONELY;
    return this.lonely.answers >= answers && performance.now() - this.lonely.sinceMs >= forMs;
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
