import { LinkedAbort } from '@camfleet/domain';
import { HeartbeatAnswer, type HeartbeatRequest } from '@camfleet/protocol';
import type { Logger } from '@camfleet/telemetry';
import { BackOff } from '../capture/back-off';
import { type ApiAnswer, type ApiClient, ApiUnreachableError } from './api-client';
import type { FleetClock } from './fleet-clock';
import type { Lease } from './lease';
import type { MachineClock } from './machine-clock';
import { pause } from './pause';

/** Changes that come together are told together. */
const COALESCE_MS = 5;
const LAST_BEAT_MS = 1_000;

export interface HeartbeatLoopOptions {
  api: ApiClient;
  workerId: string;
  machine: MachineClock;
  clock: FleetClock;
  lease: Lease;
  logger: Logger;
  intervalMs: number;
  leaseTtlMs: number;
  request: () => HeartbeatRequest;
  /** Of the list that was applied last: an answer with an older one is ignored. */
  knownRevision: () => number;
  /** After each heartbeat: whether the API took it. */
  onBeat: (answered: boolean) => void;
  /** The lease runs anew. Called after the answer was applied: what it took away never runs on. */
  onRenewed: () => void;
  /** Only an outage of the database keeps the lease: no handover can go on. */
  onHeld: () => void;
  onAnswer: (answer: HeartbeatAnswer) => void;
  /** The API does not know this worker (any more). */
  onUnknown: () => Promise<void>;
  /** `WORKER_REPLACED` or `WORKER_REMOVED`: stop for good. */
  onEnded: (code: string) => void;
}

/**
 * One heartbeat in flight at a time; the next one when the interval is over, or at once when something asks for
 * it. What is asked for meanwhile makes one more heartbeat after it, not many.
 */
export class HeartbeatLoop {
  private readonly stopping = new AbortController();
  private readonly backOff = new BackOff({ firstMs: 100, capMs: 1_000 });
  private asked = false;
  private sentAtMs = 0;
  private wake: () => void = () => undefined;
  private running: Promise<void> | undefined;
  leaseTtlMs: number;
  intervalMs: number;

  constructor(private readonly options: HeartbeatLoopOptions) {
    this.leaseTtlMs = options.leaseTtlMs;
    this.intervalMs = options.intervalMs;
  }

  start(): void {
    this.running ??= this.run();
  }

  /** Heartbeat now. */
  request(): void {
    this.asked = true;
    this.wake();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.wake();
    await this.running;
  }

  /** One more after the loop was stopped: what is left here. An API that is away hears it from the link's end. */
  async sayLast(beat: HeartbeatRequest): Promise<void> {
    await this.send(beat, AbortSignal.timeout(LAST_BEAT_MS)).catch(() => undefined);
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      this.asked = false;
      const answered = await this.beat();
      this.options.onBeat(answered);
      const waitMs = answered ? this.untilNextMs() : this.backOff.nextMs();
      if (!this.asked) await this.waitFor(waitMs);
      if (this.asked) await pause(COALESCE_MS, signal);
    }
  }

  private untilNextMs(): number {
    return Math.max(0, this.sentAtMs + this.intervalMs - this.options.machine.nowMs());
  }

  private async waitFor(ms: number): Promise<void> {
    using woken = new LinkedAbort([this.stopping.signal]);
    this.wake = () => woken.abort();
    await pause(ms, woken.signal);
    this.wake = () => undefined;
  }

  /** True when the API answered and the answer was applied. */
  private async beat(): Promise<boolean> {
    const { api, machine, logger, request } = this.options;
    this.sentAtMs = machine.nowMs();
    try {
      return await this.take(await this.send(request(), this.stopping.signal));
    } catch (error) {
      if (this.stopping.signal.aborted) return false;
      const isExpected = error instanceof ApiUnreachableError;
      logger.warn(
        { apiUrl: api.currentUrl, ...(isExpected ? { cause: error.message } : { err: error }) },
        'heartbeat.failed',
      );
      return false;
    }
  }

  private send(beat: HeartbeatRequest, signal: AbortSignal): Promise<ApiAnswer> {
    const { api, workerId } = this.options;
    return api.call({
      method: 'POST',
      path: `/api/workers/${encodeURIComponent(workerId)}/heartbeat`,
      body: beat,
      timeoutMs: Math.min(2_000, Math.max(500, this.leaseTtlMs / 4)),
      isRepeatable: true,
      signal,
    });
  }

  private async take(answer: ApiAnswer): Promise<boolean> {
    const { lease, logger, onUnknown, onEnded } = this.options;
    const parsed = answer.status === 200 ? HeartbeatAnswer.safeParse(answer.body) : undefined;
    if (parsed?.success) return this.apply(parsed.data);
    if (answer.errorCode === 'DATABASE_UNAVAILABLE') {
      lease.hold({ sentAtMs: this.sentAtMs, ttlMs: this.leaseTtlMs });
      if (lease.isHeld(this.sentAtMs)) this.options.onHeld();
      this.options.onRenewed();
    } else if (answer.status === 404) {
      await onUnknown();
      this.asked = true;
      return true;
    } else if (answer.status === 409 || answer.status === 410) {
      this.stopping.abort();
      onEnded(answer.errorCode ?? 'WORKER_REMOVED');
    }
    logger.warn({ status: answer.status, code: answer.errorCode, apiUrl: answer.url }, 'heartbeat.refused');
    return false;
  }

  private apply(answer: HeartbeatAnswer): boolean {
    const { api, clock, lease, machine, logger, knownRevision } = this.options;
    if (answer.revision < knownRevision()) {
      logger.warn({ revision: answer.revision, known: knownRevision() }, 'heartbeat.answer-outdated');
      return false;
    }
    this.backOff.reset();
    this.leaseTtlMs = answer.leaseTtlMs;
    api.learnUrls(answer.apiUrls);
    const serverTimeMs = Date.parse(answer.serverTime);
    clock.observe({ serverTimeMs, sentAtMs: this.sentAtMs, receivedAtMs: machine.nowMs() });
    this.options.onAnswer(answer);
    lease.renew({ sentAtMs: this.sentAtMs, ttlMs: answer.leaseTtlMs });
    this.options.onRenewed();
    return true;
  }
}
