import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fetchModels } from '@camfleet/vision';
import { ClipMaker, FULL_HD } from './clips/bench-clip';
import { processTree } from './measure/processes';
import { describeMachine } from './report/machine';
import { type Report, toMarkdown } from './report/table';
import type { BenchContext, BenchRow, RowResult } from './row';
import { ROWS } from './rows';

const ROOT = join(__dirname, '../../..');
const USAGE = `npm run bench -- [options]
  --rows 1,2,…       only these
  --clip FILE        measure on this video in place of the made one
  --soak-minutes N   of row 8; default 5
  --chaos-minutes N  of row 12; each fault once when left out
  --faces DIR        of rows 17 and 20: a folder of photos for each person
  --videos DIR       of row 18: videos, and visits.json: { "file": visits };
                     of row 30: objects.json: { "file": { "label": [[fromS, toS]] } }
  --out DIRECTORY    for latest.json and latest.md; default tools/bench/results`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rows: { type: 'string' },
      clip: { type: 'string' },
      faces: { type: 'string' },
      videos: { type: 'string' },
      'chaos-minutes': { type: 'string', default: '0' },
      'soak-minutes': { type: 'string', default: '5' },
      out: { type: 'string', default: join(ROOT, 'tools/bench/results') },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return say(USAGE);
  const wanted = values.rows?.split(',').map(Number);
  const rows = ROWS.filter(({ number }) => wanted?.includes(number) ?? true);
  const machine = await describeMachine(ROOT);
  const modelsDirectory = join(ROOT, '.models');
  const withVideo = rows.some(({ withoutVideo }) => !withoutVideo);
  if (withVideo) await fetchModels({ directory: modelsDirectory });
  const clips = new ClipMaker({
    directory: join(modelsDirectory, 'bench'),
    modelsDirectory,
    recording: values.clip,
  });
  if (withVideo) await clips.make(FULL_HD); // fails early when there is no clip
  const scratch = mkdtempSync(join(tmpdir(), 'camfleet-bench-'));
  chmodSync(scratch, 0o755); // PostgreSQL runs as an account of its own
  process.once('exit', () => rmSync(scratch, { recursive: true, force: true }));
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, leave);
  const context: BenchContext = {
    clips,
    root: ROOT,
    scratch,
    soakMinutes: Number(values['soak-minutes']),
    chaosMinutes: Number(values['chaos-minutes']),
    faces: values.faces,
    videos: values.videos,
    out: values.out,
    say,
  };
  mkdirSync(values.out, { recursive: true });
  const report: Report = { machine, clip: clips.description, rows: [] };
  for (const row of rows) {
    say(`row ${row.number} …`);
    const results = await runOne(row, context);
    report.rows.push(...results.map((result) => ({ number: row.number, ...result })));
    say(JSON.stringify(results));
    writeFileSync(join(values.out, 'latest.json'), `${JSON.stringify(report, null, 2)}\n`);
    writeFileSync(join(values.out, 'latest.md'), toMarkdown(report));
  }
  process.stdout.write(toMarkdown(report));
  process.exit(0);
}

/** A row that cannot be measured says why, and the next one is run. */
async function runOne(row: BenchRow, context: BenchContext): Promise<RowResult[]> {
  try {
    return await row.run(context);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const nothing = { measured: undefined, target: NaN, unit: '', compare: 'at most' } as const;
    return [{ name: 'could not be measured', ...nothing, details: { why } }];
  }
}

/** Leaves nothing behind that would use the cores of the next run, whatever a row had just started. */
function leave(): void {
  const [, ...descendants] = processTree(process.pid);
  for (const pid of descendants) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
  process.exit(130);
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

main().catch((error: unknown) => {
  say(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exit(1);
});
