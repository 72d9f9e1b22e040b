import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Fleet } from '../fleet/fleet';
import { processTree, rssBytes } from '../measure/processes';
import type { BenchContext, BenchRow, RowResult } from '../row';
import { makeLargeVideo } from '../uploads/made-video';
import { UploadClient } from '../uploads/upload-client';
import { until } from '@camfleet/testing';

const MIB = 1024 ** 2;
const SIZE_BYTES = 4 * 1024 ** 3;
const TIMEOUT_MS = 600_000;
const LOOK_EVERY_MS = 50;

export const uploadMemory: BenchRow = {
  number: 37,
  async run(context: BenchContext): Promise<RowResult[]> {
    const file = join(context.scratch, 'large.mp4');
    await makeLargeVideo(file, SIZE_BYTES);
    await using fleet = await Fleet.start(context);
    const roots = { api: fleet.apiPid, worker: fleet.worker.pid };
    const largest = { api: 0, worker: 0 };
    const before = rssOfLargest(roots.worker);
    const looking = setInterval(() => {
      for (const name of ['api', 'worker'] as const)
        largest[name] = Math.max(largest[name], rssOfLargest(roots[name]));
    }, LOOK_EVERY_MS);
    const startedAt = performance.now();
    try {
      using client = new UploadClient({ apiUrl: fleet.api.url, key: fleet.api.key, file });
      await until('all is there', () => client.isDone, TIMEOUT_MS);
      const headers = { Authorization: `Bearer ${fleet.api.key}`, 'Content-Type': 'application/json' };
      const id = client.url?.split('/').at(-1) ?? '';
      const body = JSON.stringify({ analyses: ['frames'] });
      await fetch(`${fleet.api.url}/api/videos/${id}/process`, { method: 'POST', headers, body });
      const played = await fetch(`${fleet.api.url}/video/${id}`, { headers });
      for await (const chunk of played.body ?? []) void chunk;
      await until(
        'its frames are found',
        async () => statusOf(await fetch(`${fleet.api.url}/api/videos/${id}`, { headers })),
        TIMEOUT_MS,
      );
    } finally {
      clearInterval(looking);
      await rm(file);
    }
    return [
      {
        name: 'memory of the largest process while a 4 GB video goes through (tus, check, frames, playing)',
        measured: Math.max(largest.api, largest.worker) / MIB,
        target: 300,
        unit: 'MiB',
        compare: 'at most',
        details: {
          'API, MiB': largest.api / MIB,
          'largest of the worker, MiB': largest.worker / MIB,
          'of the worker before, MiB': before / MIB,
          'all of it, s': (performance.now() - startedAt) / 1_000,
        },
      },
    ];
  },
};

function rssOfLargest(pid: number): number {
  return Math.max(...processTree(pid).map(rssBytes));
}

async function statusOf(answer: Response): Promise<boolean> {
  const { status, error } = (await answer.json()) as { status: string; error?: unknown };
  if (status === 'error') throw new Error(`It was not looked through: ${JSON.stringify(error)}`);
  return status === 'done';
}
