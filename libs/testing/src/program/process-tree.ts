import { readFileSync, readdirSync } from 'node:fs';

interface ProcessStat {
  pid: number;
  parent: number;
  state: string;
}

/** Living processes; dead ones that their parent has not fetched yet are left out. */
function processes(): ProcessStat[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => statOf(Number(name)))
    .filter((stat) => stat !== undefined)
    .filter(({ state }) => state !== 'Z');
}

function statOf(pid: number): ProcessStat | undefined {
  // After the command, which may hold anything, in brackets: state, parent.
  const match = /\) (\S) (\d+) /.exec(read(pid, 'stat'));
  return match?.[1] ? { pid, state: match[1], parent: Number(match[2]) } : undefined;
}

function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

/** Everything that `pid` started and what that started, itself not. */
export function descendantsOf(pid: number): number[] {
  const all = processes();
  const childrenOf = (parent: number): number[] =>
    all.filter((one) => one.parent === parent).flatMap((one) => [one.pid, ...childrenOf(one.pid)]);
  return childrenOf(pid);
}

export function isAlive(pid: number): boolean {
  return processes().some((one) => one.pid === pid);
}

export function commandLineOf(pid: number): string {
  return read(pid, 'cmdline').replaceAll('\0', ' ').trim();
}

/** Harmless when it has ended meanwhile. */
export function signalTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended meanwhile.
  }
}
