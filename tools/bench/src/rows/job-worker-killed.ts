import { openAsBlob, readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { startEmbeddedPostgres } from '@camfleet/database';
import { ProcessFleet, until } from '@camfleet/testing';
import { z } from 'zod';
import { makeRecording, RECORDING } from '../recorded/recorded-clip';
import type { BenchContext, BenchRow, RowResult } from '../row';

const WORKERS = ['one', 'two'];
const SAMPLE_FPS = 5;
/** As long as a worker's lease on a job: `LEASE_SECONDS` there. */
const LEASE_SECONDS = 15;
const WITHIN_MS = 180_000;

const Created = z.object({ id: z.string() });
const Jobs = z.object({
  items: z.array(
    z.object({
      state: z.string(),
      lockedBy: z.string().nullable(),
      attemptCount: z.number(),
      progress: z.number(),
    }),
  ),
});

export const jobWorkerKilled: BenchRow = {
  number: 27,
  async run(context: BenchContext): Promise<RowResult[]> {
    const path = await makeRecording(context.scratch);
    await using fleet = await ProcessFleet.start({
      replicas: 1,
      startDatabase: (options) => startEmbeddedPostgres({ ...options, durable: false }),
    });
    for (const id of WORKERS) await fleet.addWorker(id);
    const { url, dataDirectory } = fleet.replica(0);
    const headers = { authorization: `Bearer ${fleet.adminKey}` };
    const job = async () => {
      const answer = await fetch(`${url}/api/jobs?type=frames`, { headers });
      return Jobs.parse(await answer.json()).items[0];
    };
    const blob = await openAsBlob(path);
    const video = await until(
      'it is uploaded',
      async () => {
        const body = new FormData();
        body.append('file', blob, 'recording.mp4');
        const answer = await fetch(`${url}/api/videos`, { method: 'POST', headers, body });
        return answer.status === 201 && Created.parse(await answer.json());
      },
      WITHIN_MS,
    );
    await until(
      'a worker has looked at it',
      async () => {
        const answer = await fetch(`${url}/api/videos/${video.id}/process`, {
          method: 'POST',
          headers: { ...headers, 'content-type': 'application/json' },
          body: JSON.stringify({ analyses: ['frames'], sampling: 'fps', sampleFps: SAMPLE_FPS }),
        });
        return answer.status === 202;
      },
      WITHIN_MS,
    );
    const running = await until(
      'a third is done',
      async () => {
        const now = await job();
        return now && now.progress > 0.3 && now.lockedBy !== null && now;
      },
      WITHIN_MS,
    );
    const owner = running.lockedBy ?? '';
    fleet.worker(owner).program.signal('SIGKILL');
    const killedAtMs = performance.now();
    const before = new Map(stills(dataDirectory).map((file) => [file, statSync(file).mtimeMs]));
    await until(
      'the other worker goes on',
      async () => {
        const now = await job();
        return now?.attemptCount === 2 && now.lockedBy !== null && now.lockedBy !== owner;
      },
      WITHIN_MS,
    );
    const resumedSeconds = (performance.now() - killedAtMs) / 1000;
    await until('it is done', async () => (await job())?.state === 'done', WITHIN_MS);
    const again = [...before].filter(([file, mtimeMs]) => statSync(file).mtimeMs > mtimeMs).length;
    const details = {
      video: RECORDING,
      'frames stored when it was killed': before.size,
      sampleFps: SAMPLE_FPS,
    };
    return [
      {
        name: 'a worker is killed in the middle of a job: until another one goes on, beyond the lease',
        measured: resumedSeconds - LEASE_SECONDS,
        target: 2,
        unit: 's',
        compare: 'at most',
        details: { ...details, 'since the kill, s': resumedSeconds },
      },
      {
        name: 'of the video, done again',
        measured: again / SAMPLE_FPS,
        target: 5,
        unit: 's',
        compare: 'at most',
        details,
      },
    ];
  },
};

function stills(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && basename(entry.parentPath) === 'frames')
    .map((entry) => join(entry.parentPath, entry.name));
}
