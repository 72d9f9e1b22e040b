import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const STOP_TIMEOUT_MS = 20_000;
const POLL_MS = 20;

/** Ends the server that a killed start left running on this cluster. Answers whether there was one. */
export async function endLeftover(cluster: string): Promise<boolean> {
  const pid = leftoverPid(cluster);
  if (pid === undefined) return false;
  // Fast shutdown: ends its sessions, writes everything.
  process.kill(pid, 'SIGINT');
  const deadline = performance.now() + STOP_TIMEOUT_MS;
  while (isAlive(pid)) {
    if (performance.now() > deadline) {
      process.kill(pid, 'SIGQUIT');
      break;
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return true;
}

/** The pid of a living postmaster of this cluster; a pid that another program got since is none. */
function leftoverPid(cluster: string): number | undefined {
  const file = join(cluster, 'postmaster.pid');
  if (!existsSync(file)) return undefined;
  const [first, folder] = readFileSync(file, 'utf8').split('\n');
  const pid = Number(first);
  if (!Number.isInteger(pid) || pid <= 1 || folder !== cluster || !isAlive(pid)) return undefined;
  return isPostgres(pid) ? pid : undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch {
    return false;
  }
}

function isPostgres(pid: number): boolean {
  const commandLine = `/proc/${pid}/cmdline`;
  if (!existsSync('/proc/self')) return true;
  return existsSync(commandLine) && /postgres/.test(readFileSync(commandLine, 'utf8'));
}

/** Dead, but not yet fetched by whoever started it. */
function isZombie(pid: number): boolean {
  const status = `/proc/${pid}/stat`;
  return existsSync(status) && /\) Z /.test(readFileSync(status, 'utf8'));
}
