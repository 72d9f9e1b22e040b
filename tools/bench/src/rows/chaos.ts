import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { z } from 'zod';
import type { BenchContext, BenchRow, RowResult } from '../row';

const Result = z.object({
  seed: z.number(),
  events: z.object({
    accepted: z.number(),
    stored: z.number(),
    lost: z.number(),
    doubled: z.number(),
    skipped: z.number(),
  }),
  breaches: z.array(z.string()),
});

/** `npm run chaos`, as users run it, and what it says of events. */
export const chaos: BenchRow = {
  number: 12,
  async run(context) {
    const { seed, events, breaches } = await runChaos(context);
    const details = {
      seed,
      run: context.chaosMinutes > 0 ? `${context.chaosMinutes} minutes, all at once` : 'each fault once',
      accepted: events.accepted,
      stored: events.stored,
      'promises broken': breaches.length,
    };
    const line = (name: string, measured: number): RowResult => ({
      name,
      measured,
      target: 0,
      unit: 'events',
      compare: 'at most',
      details,
    });
    return [
      line('accepted events lost through chaos', events.lost),
      line('… stored or told twice, or skipped by a reader', events.doubled + events.skipped),
    ];
  },
};

async function runChaos({ root, chaosMinutes, say }: BenchContext): Promise<z.infer<typeof Result>> {
  const length = chaosMinutes > 0 ? ['--minutes', String(chaosMinutes)] : ['--quick'];
  const child = spawn(process.execPath, [join(root, 'apps/e2e/dist/chaos/main.js'), ...length, '--json'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const end = () => void child.kill('SIGTERM');
  process.once('exit', end);
  let [answer, last] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (answer += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => {
    last = chunk.toString().trim();
    say(last);
  });
  await once(child, 'close');
  process.off('exit', end);
  if (answer === '') throw new Error(last);
  return Result.parse(JSON.parse(answer));
}
