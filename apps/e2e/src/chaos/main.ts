import { networkIsMissing } from '@camfleet/testing';
import { parseArgs } from 'node:util';
import { History } from './history';
import { longPlan, quickPlan } from './plans';
import { runChaos } from './run';

const USAGE = `npm run chaos -- [options]: a real fleet, and everything that can go wrong, all at once
  --minutes N    default 10
  --quick        instead: each kind of fault once, in less than two minutes
  --seed N       the same seed makes the same plan; default: a new one, which is printed
  --json         the result as one line of JSON on stdout`;
const MAX_SEED = 2 ** 31;

/** `npm run chaos`. Exit code 1 when a promise was broken. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string', default: '10' },
      seed: { type: 'string', default: String(Math.floor(Math.random() * MAX_SEED)) },
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return say(USAGE);
  const [minutes, seed] = [Number(values.minutes), Number(values.seed)];
  if (!(minutes > 0) || !Number.isInteger(seed)) throw new Error(USAGE);
  const missing = networkIsMissing();
  if (missing !== undefined) throw new Error(`Links cannot be cut here: ${missing}.`);

  say(`Seed ${seed}: npm run chaos -- ${values.quick ? '--quick' : `--minutes ${minutes}`} --seed ${seed}`);
  const plan = values.quick ? quickPlan(seed) : longPlan({ seed, minutes });
  const result = await runChaos(plan, new History(say));
  for (const breach of result.breaches) say(`BROKEN  ${breach}`);
  const { accepted, stored, lost, doubled, skipped } = result.events;
  const { connections, ended, longestSilenceMs } = result.viewers;
  say(
    `${result.breaches.length} promises broken; ${accepted} events accepted, ${stored} stored, ${lost} lost, ` +
      `${doubled} doubled, ${skipped} skipped; ${connections} viewers' connections, ${ended} cut off, ` +
      `silent for ${longestSilenceMs} ms at most; recovered in ${result.recoveriesMs.join(', ')} ms; seed ${seed}`,
  );
  if (values.json) process.stdout.write(`${JSON.stringify({ seed, minutes, ...result })}\n`);
  process.exitCode = result.breaches.length > 0 ? 1 : 0;
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => process.exit(130));

main().catch((error: unknown) => {
  say(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exit(1);
});
