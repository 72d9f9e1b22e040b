import { until } from '@camfleet/testing';
import { ChaosFleet, type ChaosFleetOptions } from './chaos-fleet';
import { allUp } from './checks/all-up';
import { type EventCounts, checkEvents } from './checks/events';
import { checkOutboxes } from './checks/outboxes';
import { checkOwners } from './checks/owners';
import { checkRecovery } from './checks/recovery';
import { storedEvents } from './checks/stored-events';
import { type WatchCounts, checkWatches } from './checks/watches';
import { allFaults } from './faults/all-faults';
import type { Fault } from './faults/fault';
import type { History } from './history';
import { carryOut } from './schedule/carry-out';
import type { Round } from './schedule/schedule';
import { Witnesses } from './witnesses/witnesses';

export interface ChaosOptions {
  fleet: ChaosFleetOptions;
  /** What goes wrong when, of what can. */
  draw(faults: readonly Fault[]): Round<Fault>[];
  /** How soon after each round, when every program runs again, every camera shows pictures. */
  recoveryMs: number;
}

export interface ChaosResult {
  events: EventCounts;
  viewers: WatchCounts;
  /** After each round. */
  recoveriesMs: number[];
  /** A sentence for each promise that was broken; empty: all held. */
  breaches: string[];
}

/** Before anything goes wrong: decoders load their models. */
const FIRST_PICTURES_MS = 60_000;
const READER_CATCHES_UP_MS = 10_000;

/** Starts a fleet, does it harm, and says afterwards which promises were broken. */
export async function runChaos(options: ChaosOptions, history: History): Promise<ChaosResult> {
  await using fleet = await ChaosFleet.start(options.fleet, history);
  await using witnesses = new Witnesses(fleet);
  const first = await checkRecovery(fleet, FIRST_PICTURES_MS);
  if (first.tookMs === undefined) throw new Error(first.breaches.join('\n'));
  history.note('all cameras stream', { tookMs: first.tookMs });

  const recoveriesMs: number[] = [];
  const breaches: string[] = [];
  for (const round of options.draw(allFaults(fleet))) {
    await carryOut(round, history);
    await allUp(fleet);
    history.note('all is well again');
    const { tookMs, breaches: found } = await checkRecovery(fleet, options.recoveryMs);
    if (tookMs !== undefined) recoveriesMs.push(tookMs);
    breaches.push(...found);
    history.note('recovered', { tookMs, breaches: found });
  }
  // First of all: workers go on, and what they accept while we look may still be on its way when the table is read.
  const accepted = await witnesses.accepted();
  breaches.push(...(await checkOutboxes(fleet)), ...ownersOf(fleet), ...fleet.crashes);
  const stored = await storedEvents(fleet.processes.database.url);
  const newest = stored.at(-1)?.sequence ?? 0;
  const { reader } = witnesses;
  await until('the reader has caught up', () => reader.after >= newest, READER_CATCHES_UP_MS).catch(
    () => false,
  );
  const read = reader.read.filter(({ sequence }) => sequence <= newest);
  const events = checkEvents({ accepted, stored, read });
  history.note('events', { ...events.counts });
  const viewers = await watched(witnesses);
  history.note('viewers', { ...viewers.counts });
  return {
    events: events.counts,
    viewers: viewers.counts,
    recoveriesMs,
    breaches: [...breaches, ...events.breaches, ...viewers.breaches],
  };
}

/** The viewers leave, so that what they saw is whole. */
async function watched({ viewers }: Witnesses) {
  for (const viewer of viewers) await viewer[Symbol.asyncDispose]();
  return checkWatches(viewers.flatMap(({ watches }) => watches));
}

function ownersOf({ sessions, standstills, options, history }: ChaosFleet): string[] {
  const nowMs = history.nowMs();
  return checkOwners({ sessions, standstills, leaseMs: options.leaseMs, nowMs });
}
