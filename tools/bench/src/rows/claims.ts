import { Pool } from 'undici';
import { z } from 'zod';
import { percentile } from '../measure/statistics';
import type { BenchContext, BenchRow, RowResult } from '../row';
import { ApiAlone } from '../simulated/api-alone';

const CLAIMERS = 50;
const WAITING = 100_000;
const TENANTS = 10;
const WARM_UP_SECONDS = 3;
const WINDOW_SECONDS = 15;
const LEASE_SECONDS = 600;

const Answer = z.object({ jobs: z.array(z.object({ job_id: z.number(), attempt_count: z.number() })) });

export const claims: BenchRow = {
  number: 29,
  withoutVideo: true,
  async run(context: BenchContext): Promise<RowResult[]> {
    await using api = await ApiAlone.start(context);
    await insertJobs(api);
    const seen: number[] = [];
    await claimFor(WARM_UP_SECONDS, { api, seen });
    const { result, cores } = await api.coresDuring(() => claimFor(WINDOW_SECONDS, { api, seen }));
    return [
      {
        name: `jobs claimed by ${CLAIMERS} claimers, one at a time, ${WAITING} waiting`,
        measured: result.claimed / result.seconds,
        target: 1_000,
        unit: '/s',
        compare: 'at least',
        details: {
          'a claim, median, ms': percentile(result.tookMs, 0.5),
          'a claim, p99, ms': percentile(result.tookMs, 0.99),
          'API, cores': cores.api,
          'database, cores': cores.database,
        },
      },
      {
        name: 'of them given to two claimers',
        measured: seen.length - new Set(seen).size,
        target: 0,
        unit: '',
        compare: 'at most',
        details: { claimed: seen.length },
      },
    ];
  },
};

async function insertJobs({ sql }: ApiAlone): Promise<void> {
  await sql.query(
    `INSERT INTO tenants (id, name) SELECT 'tenant-' || n, n FROM generate_series(0, $1 - 1) n`,
    [TENANTS],
  );
  await sql.query(
    `INSERT INTO vision_jobs (tenant_id, event_id, analysis_type)
     SELECT 'tenant-' || n % $2, 'event-' || n, 'objects' FROM generate_series(1, $1::integer) n`,
    [WAITING, TENANTS],
  );
}

/** Each claims one job after the other. */
async function claimFor(
  seconds: number,
  { api, seen }: { api: ApiAlone; seen: number[] },
): Promise<{ claimed: number; seconds: number; tookMs: number[] }> {
  const pool = new Pool(api.url, { connections: CLAIMERS });
  const tookMs: number[] = [];
  const startedAt = performance.now();
  const before = seen.length;
  const claimer = async (index: number) => {
    const body = JSON.stringify({ worker_id: `claimer-${index}`, max_jobs: 1, lease_seconds: LEASE_SECONDS });
    while (performance.now() < startedAt + seconds * 1_000) {
      const sentAt = performance.now();
      const answer = await pool.request({
        method: 'POST',
        path: '/api/vision/claim',
        headers: { authorization: `Bearer ${ApiAlone.workerKey}`, 'content-type': 'application/json' },
        body,
      });
      const { jobs } = Answer.parse(await answer.body.json());
      tookMs.push(performance.now() - sentAt);
      seen.push(...jobs.map(({ job_id }) => job_id));
    }
  };
  await Promise.all(Array.from({ length: CLAIMERS }, (_, index) => claimer(index)));
  await pool.close();
  return { claimed: seen.length - before, seconds: (performance.now() - startedAt) / 1_000, tookMs };
}
