import { CamfleetError } from '@camfleet/domain';
import { type LeaseRenewal, LeasesRepository, type RenewalOutcome } from '@camfleet/database';
import { Inject, Injectable } from '@nestjs/common';
import { API_OPTIONS, type ApiOptions } from '../core/api-options';
import { isDatabaseUnavailable } from '../http/database-errors';

/** What comes within this time goes to the database in one statement. */
const COLLECT_MS = 15;
/** Leases in one statement. */
const MAX_BATCH = 500;
/** Statements under way: a connection that hangs does not hold up those that come after it. */
const MAX_UNDER_WAY = 3;
/** Heartbeats that wait; beyond it they are told at once that the database does not keep up. */
const MAX_WAITING = 10_000;
/** A worker hears in time that the database is away, and keeps its cameras; one that hears nothing stops them. */
const SHARE_OF_LEASE = 0.2;

type Settled = Exclude<RenewalOutcome, { kind: 'locked' }>;

interface Waiting {
  renewal: LeaseRenewal;
  resolve: (outcome: Settled) => void;
  reject: (error: unknown) => void;
  timer: NodeJS.Timeout;
  isLate: boolean;
}

/** Renews leases for many heartbeats with one statement; each gets its own outcome. */
@Injectable()
export class LeaseRenewals {
  private waiting: Waiting[] = [];
  private underWay = 0;
  private timer?: NodeJS.Timeout;

  constructor(
    private readonly leases: LeasesRepository,
    @Inject(API_OPTIONS) private readonly options: ApiOptions,
  ) {}

  /** Rejects with `DATABASE_UNAVAILABLE` when it takes too long; the lease may still be renewed then. */
  renew(renewal: LeaseRenewal): Promise<Settled> {
    return new Promise((resolve, reject) => {
      if (this.waiting.length >= MAX_WAITING) return reject(late());
      const waiting: Waiting = {
        renewal,
        resolve,
        reject,
        isLate: false,
        timer: setTimeout(() => {
          waiting.isLate = true;
          reject(late());
        }, this.options.config.leaseTtlMs * SHARE_OF_LEASE),
      };
      this.waiting.push(waiting);
      this.schedule();
    });
  }

  private schedule(): void {
    if (this.timer || this.underWay >= MAX_UNDER_WAY || this.waiting.length === 0) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      const batch = this.take();
      if (batch.length > 0) void this.send(batch);
      this.schedule();
    }, COLLECT_MS);
  }

  /** The oldest, no instance twice: its second heartbeat goes with the next statement. */
  private take(): Waiting[] {
    const batch = new Map<string, Waiting>();
    const rest: Waiting[] = [];
    for (const waiting of this.waiting) {
      if (waiting.isLate) continue;
      const { workerId, instanceId } = waiting.renewal;
      const key = JSON.stringify([workerId, instanceId]);
      if (batch.size < MAX_BATCH && !batch.has(key)) batch.set(key, waiting);
      else rest.push(waiting);
    }
    this.waiting = rest;
    return [...batch.values()];
  }

  private async send(batch: Waiting[]): Promise<void> {
    this.underWay += 1;
    try {
      await this.renewAll(batch);
    } finally {
      this.underWay -= 1;
      this.schedule();
    }
  }

  /** One heartbeat that the database does not take must not fail the others: they are sent again without it. */
  private async renewAll(batch: Waiting[]): Promise<void> {
    try {
      const outcomes = await this.leases.renew(
        batch.map(({ renewal }) => renewal),
        this.options.config.leaseTtlMs,
      );
      batch.forEach((waiting, index) => this.settle(waiting, outcomes[index]));
    } catch (error) {
      if (batch.length === 1 || isDatabaseUnavailable(error)) {
        for (const waiting of batch) fail(waiting, error);
        return;
      }
      const middle = batch.length >> 1;
      await this.renewAll(batch.slice(0, middle));
      await this.renewAll(batch.slice(middle));
    }
  }

  private settle(waiting: Waiting, outcome: RenewalOutcome | undefined): void {
    if (outcome && outcome.kind !== 'locked') {
      clearTimeout(waiting.timer);
      waiting.resolve(outcome);
    } else if (!waiting.isLate) {
      this.waiting.push(waiting);
    }
  }
}

function fail({ timer, reject }: Waiting, error: unknown): void {
  clearTimeout(timer);
  reject(error);
}

function late(): CamfleetError {
  return new CamfleetError('DATABASE_UNAVAILABLE', 'The database does not answer in time.');
}
