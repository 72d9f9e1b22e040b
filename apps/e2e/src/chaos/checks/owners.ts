import type { Session } from '../witnesses/camera-sessions';

/** A whole worker stood still, and could let go of nothing. Times in ms of the run. */
export interface Standstill {
  peer: string;
  fromMs: number;
  toMs: number;
}

interface Interval {
  fromMs: number;
  toMs: number;
}

/** A player that comes back sooner has, for this check, never been away. */
const SAME_PULL_MS = 1_000;
/** What a machine under load takes to end a connection when the time has come. */
const TOLERANCE_MS = 500;
/** After it goes on, a worker that stood still finds its lease over and lets go. */
const WAKING_MS = 1_000;

/**
 * Nobody but the owner pulls a camera's video for longer than one lease. A worker that stands still pulls
 * nothing, though its connection is open.
 * @returns one sentence for each breach
 */
export function checkOwners(options: {
  sessions: readonly Session[];
  standstills: readonly Standstill[];
  leaseMs: number;
  nowMs: number;
}): string[] {
  const { sessions, standstills, leaseMs, nowMs } = options;
  const breaches: string[] = [];
  for (const path of new Set(sessions.map((session) => session.path))) {
    const ofCamera = sessions.filter((session) => session.path === path);
    const peers = [...new Set(ofCamera.map((session) => session.peer))];
    const pulls = new Map(
      peers.map((peer) => {
        const intervals = ofCamera
          .filter((session) => session.peer === peer)
          .map(({ fromMs, toMs }) => ({ fromMs, toMs: toMs ?? nowMs }));
        return [
          peer,
          without(
            joined(intervals),
            standstills.filter((one) => one.peer === peer),
          ),
        ];
      }),
    );
    for (const [index, one] of peers.entries())
      for (const other of peers.slice(index + 1))
        for (const both of together(pulls.get(one) ?? [], pulls.get(other) ?? []))
          if (both.toMs - both.fromMs > leaseMs + TOLERANCE_MS)
            breaches.push(
              `${path} was pulled by ${one} and by ${other} at once for ${both.toMs - both.fromMs} ms, ` +
                `from ${both.fromMs} ms on; a lease is ${leaseMs} ms`,
            );
  }
  return breaches;
}

function joined(intervals: readonly Interval[]): Interval[] {
  const result: Interval[] = [];
  for (const { fromMs, toMs } of [...intervals].sort((a, b) => a.fromMs - b.fromMs)) {
    const last = result.at(-1);
    if (last && fromMs - last.toMs <= SAME_PULL_MS) last.toMs = Math.max(last.toMs, toMs);
    else result.push({ fromMs, toMs });
  }
  return result;
}

function without(intervals: readonly Interval[], standstills: readonly Interval[]): Interval[] {
  return standstills.reduce<Interval[]>(
    (left, still) =>
      left.flatMap(({ fromMs, toMs }) =>
        [
          { fromMs, toMs: Math.min(toMs, still.fromMs) },
          { fromMs: Math.max(fromMs, still.toMs + WAKING_MS), toMs },
        ].filter((part) => part.toMs > part.fromMs),
      ),
    [...intervals],
  );
}

function together(ones: readonly Interval[], others: readonly Interval[]): Interval[] {
  return ones.flatMap((one) =>
    others
      .map((other) => ({
        fromMs: Math.max(one.fromMs, other.fromMs),
        toMs: Math.min(one.toMs, other.toMs),
      }))
      .filter(({ fromMs, toMs }) => toMs > fromMs),
  );
}
