import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '@camfleet/testing';
import { processTree } from './measure/processes';

const ROOT = join(__dirname, '../../..');
/** Heartbeats: PostgreSQL, an API and a process of simulated workers; no video. */
const ROW = '14';
const STARTED_MS = 60_000;
const GONE_MS = 15_000;

/** Empty when it is gone. */
function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

it('npm run bench leaves nothing behind when it is stopped: it would use the cores of whoever measures next', async () => {
  const out = mkdtempSync(join(tmpdir(), 'camfleet-bench-test-'));
  const npm = spawn('npm', ['run', 'bench', '--', '--rows', ROW, '--out', out], {
    cwd: ROOT,
    stdio: 'ignore',
  });
  let started: number[] = [];
  const left = () => started.filter((pid) => commandOf(pid) !== '');
  try {
    await until(
      'the row runs its servers',
      () => {
        started = processTree(npm.pid ?? 0);
        const commands = started.map(commandOf);
        return ['postgres', 'apps/api/dist/main.js'].every((what) =>
          commands.some((one) => one.includes(what)),
        );
      },
      STARTED_MS,
    );
    npm.kill('SIGTERM');
    await until('all are gone', () => left().length === 0, GONE_MS);
  } finally {
    for (const pid of left()) process.kill(pid, 'SIGKILL');
    rmSync(out, { recursive: true });
  }
}, 90_000);
