import { Random } from './random';

/** Enough of a fault to plan it. */
export interface Plannable {
  kind: string;
  /** Whom it befalls; one fault at a time befalls the same. */
  target: string;
  lastsMs: readonly [least: number, most: number];
}

export interface Planned<Fault extends Plannable> {
  fault: Fault;
  startMs: number;
  endMs: number;
}

export interface Round<Fault extends Plannable> {
  lastsMs: number;
  /** By start. */
  plan: Planned<Fault>[];
}

/** Then everything is healed, and every camera has to stream again. */
const ROUND_MS = 70_000;
/** A round and what its recovery takes. */
const ROUND_WITH_RECOVERY_MS = 85_000;
const IDLE_MS = [2_000, 20_000] as const;

/** Faults all at once: each target has its own row of them, one after the other with pauses between. */
export function drawRounds<Fault extends Plannable>(
  faults: readonly Fault[],
  { seed, minutes }: { seed: number; minutes: number },
): Round<Fault>[] {
  const random = new Random(seed);
  const count = Math.max(1, Math.round((minutes * 60_000) / ROUND_WITH_RECOVERY_MS));
  const targets = [...new Set(faults.map(({ target }) => target))];
  return Array.from({ length: count }, () => {
    const plan = targets.flatMap((target) =>
      drawRow(
        faults.filter((fault) => fault.target === target),
        random,
      ),
    );
    return { lastsMs: ROUND_MS, plan: plan.sort((a, b) => a.startMs - b.startMs) };
  });
}

/** Each kind of fault once, for seconds, in as few rounds as its targets allow. */
export function drawEachOnce<Fault extends Plannable>(
  faults: readonly Fault[],
  { seed, roundMs, leastMs }: { seed: number; roundMs: number; leastMs: number },
): Round<Fault>[] {
  const random = new Random(seed);
  const rounds: Round<Fault>[] = [];
  for (const kind of [...new Set(faults.map((fault) => fault.kind))]) {
    const ofKind = faults.filter((fault) => fault.kind === kind);
    const free = ({ plan }: Round<Fault>) =>
      ofKind.filter((fault) => !plan.some((planned) => planned.fault.target === fault.target));
    let round = rounds.find((one) => free(one).length > 0);
    if (!round) rounds.push((round = { lastsMs: roundMs, plan: [] }));
    const fault = random.pick(free(round));
    const startMs = random.between(0, roundMs - leastMs);
    round.plan.push({ fault, startMs, endMs: random.between(startMs + leastMs, roundMs) });
  }
  return rounds;
}

function drawRow<Fault extends Plannable>(faults: readonly Fault[], random: Random): Planned<Fault>[] {
  const row: Planned<Fault>[] = [];
  for (let atMs = random.between(...IDLE_MS); atMs < ROUND_MS; atMs += random.between(...IDLE_MS)) {
    const fault = random.pick(faults);
    const endMs = Math.min(ROUND_MS, atMs + random.between(...fault.lastsMs));
    row.push({ fault, startMs: atMs, endMs });
    atMs = endMs;
  }
  return row;
}
