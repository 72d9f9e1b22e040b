import { type ClaimedRow, type ClaimScope, JobClaimsRepository, type JobQueue } from '@camfleet/database';
import { Injectable } from '@nestjs/common';
import { Gathering } from '../core/gathering';

export interface Claim {
  scope: ClaimScope;
  workerId: string;
  leaseSeconds: number;
  maxJobs: number;
}

/** Claims that are served by one statement at most. */
const CLAIMS_AT_ONCE = 200;
/** Jobs that one statement leases at most: who asks for many among many gets fewer. */
const JOBS_AT_ONCE = 500;
/** Groups of claimants whose place in the queues is remembered; of the one that asked longest ago it is forgotten. */
const MAX_PLACES = 1_000;
const START: JobQueue = { tenantId: '', analysisType: '' };

/** What many claim in the same moment is leased by one statement. */
@Injectable()
export class ClaimRounds {
  private readonly rounds = new Gathering((claims: Claim[]) => this.serve(claims), {
    maxItems: CLAIMS_AT_ONCE,
  });
  /** Where the next claim of a group begins to look. */
  private readonly places = new Map<string, JobQueue>();

  constructor(private readonly claims: JobClaimsRepository) {}

  /** What is due now, at most what was asked for. */
  claim(claim: Claim): Promise<ClaimedRow[]> {
    return this.rounds.do(claim);
  }

  private async serve(claims: Claim[]): Promise<ClaimedRow[][]> {
    const answers = new Map<Claim, ClaimedRow[]>(claims.map((claim) => [claim, []]));
    const groups = new Map<string, Claim[]>();
    for (const claim of claims) {
      const key = JSON.stringify(claim.scope);
      groups.set(key, [...(groups.get(key) ?? []), claim]);
    }
    for (const [key, group] of groups) await this.serveGroup(key, { group, answers });
    return claims.map((claim) => answers.get(claim) ?? []);
  }

  private async serveGroup(
    key: string,
    { group, answers }: { group: readonly Claim[]; answers: Map<Claim, ClaimedRow[]> },
  ): Promise<void> {
    const [first] = group;
    if (!first) return;
    const owners = inTurns(group).slice(0, JOBS_AT_ONCE);
    const { claimed, next } = await this.claims.claim(
      owners.map(({ workerId, leaseSeconds }) => ({ workerId, leaseSeconds })),
      { scope: first.scope, from: this.places.get(key) ?? START },
    );
    this.remember(key, next);
    for (const row of claimed) {
      const owner = owners[row.slot];
      if (owner) answers.get(owner)?.push(row);
    }
  }

  private remember(key: string, place: JobQueue): void {
    this.places.delete(key);
    this.places.set(key, place);
    const [oldest] = this.places.keys();
    if (this.places.size > MAX_PLACES && oldest !== undefined) this.places.delete(oldest);
  }
}

/** Everybody's first, then everybody's second, and so on. */
export function inTurns<Item extends { maxJobs: number }>(items: readonly Item[]): Item[] {
  const turns = Math.max(0, ...items.map(({ maxJobs }) => maxJobs));
  return Array.from({ length: turns }, (_, turn) => items.filter(({ maxJobs }) => maxJobs > turn)).flat();
}
