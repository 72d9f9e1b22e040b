import { readdirSync, readFileSync } from 'node:fs';

/** Ticks a second of /proc; 100 on every Linux that Node runs on. */
const CLOCK_TICKS = 100;

/** The process and all its descendants. */
export function processTree(pid: number): number[] {
  return [pid, ...childrenOf(pid).flatMap(processTree)];
}

function childrenOf(pid: number): number[] {
  const tasks = attempt(() => readdirSync(`/proc/${pid}/task`)) ?? [];
  return tasks.flatMap((task) => {
    const list = attempt(() => readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8')) ?? '';
    return list.split(' ').filter(Boolean).map(Number);
  });
}

/** CPU seconds (user and system, all threads) since the start; 0 when it is gone. */
export function cpuSeconds(pid: number): number {
  const stat = attempt(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  return stat === undefined ? 0 : ticksOf(stat) / CLOCK_TICKS;
}

/** CPU seconds of a process and of all that it ever started, those that ended and were waited for included. */
export function familyCpuSeconds(pid: number): number {
  return processTree(pid).reduce((sum, member) => {
    const stat = attempt(() => readFileSync(`/proc/${member}/stat`, 'utf8'));
    return sum + (stat === undefined ? 0 : (ticksOf(stat) + endedChildrenTicksOf(stat)) / CLOCK_TICKS);
  }, 0);
}

export function rssBytes(pid: number): number {
  const status = attempt(() => readFileSync(`/proc/${pid}/status`, 'utf8')) ?? '';
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
}

/** CPU seconds by process. */
export function cpuOf(pids: readonly number[]): Map<number, number> {
  return new Map(pids.map((pid) => [pid, cpuSeconds(pid)]));
}

/** CPU seconds of each thread beside the first; none when the process is gone. */
export function threadCpuSeconds(pid: number): Map<string, number> {
  const threads = (attempt(() => readdirSync(`/proc/${pid}/task`)) ?? []).filter((id) => id !== String(pid));
  return new Map(
    threads.map((id) => {
      const text = attempt(() => readFileSync(`/proc/${pid}/task/${id}/schedstat`, 'utf8')) ?? '';
      return [id, Number(text.split(' ')[0]) / 1e9];
    }),
  );
}

/** Percent of one core that each process used during `work`, which takes its time itself. */
export async function coreUse(
  pids: readonly number[],
  work: () => Promise<unknown>,
): Promise<Map<number, number>> {
  const before = cpuOf(pids);
  const startedAt = performance.now();
  await work();
  const seconds = (performance.now() - startedAt) / 1000;
  return new Map(
    [...cpuOf(pids)].map(([pid, after]) => [pid, (100 * (after - (before.get(pid) ?? 0))) / seconds]),
  );
}

/** Fields 14 and 15, counted behind the name, which may hold spaces. */
function ticksOf(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

/** Fields 16 and 17. */
function endedChildrenTicksOf(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[13]) + Number(fields[14]);
}

function attempt<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
