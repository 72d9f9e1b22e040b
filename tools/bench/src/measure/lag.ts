import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '@camfleet/testing';
import { z } from 'zod';

const Report = z.object({ script: z.string(), p50: z.number(), p99: z.number(), max: z.number() });

/** Asks the event loops of processes that were started with its `environment`. */
export class LagMeasurement {
  constructor(private readonly directory: string) {
    mkdirSync(directory, { recursive: true });
  }

  get environment(): Record<string, string> {
    const entry = join(this.directory, 'install.cjs');
    const [probe, directory] = [join(__dirname, 'lag-probe.js'), this.directory].map((path) =>
      JSON.stringify(path),
    );
    writeFileSync(entry, `require(${probe}).install(${directory});\n`);
    return { NODE_OPTIONS: `--require ${JSON.stringify(entry)}` };
  }

  /** Lateness since the last question, by process. */
  async ask(pids: readonly number[]): Promise<Map<number, z.infer<typeof Report>>> {
    const file = (pid: number) => join(this.directory, `${pid}.json`);
    for (const pid of pids) {
      rmSync(file(pid), { force: true });
      process.kill(pid, 'SIGUSR2');
    }
    const read = (pid: number) => Report.safeParse(parse(file(pid))).data;
    await until('every process has told its lag', () => pids.every((pid) => read(pid) !== undefined));
    return new Map(
      pids.flatMap((pid) => {
        const report = read(pid);
        return report ? [[pid, report] as const] : [];
      }),
    );
  }
}

/** Undefined while it is not there or not whole. */
function parse(path: string): unknown {
  try {
    return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
  } catch {
    return undefined;
  }
}
