import type { StoredResult } from '@camfleet/protocol';
import { until } from '@camfleet/testing';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { walkingClip } from './clips/face-clip';
import { System } from './system';

const EXAMPLE = join(__dirname, '../../../docs/examples/vision_worker.py');
const Frames = z.object({
  frames: z.array(
    z.object({
      timestamp_ms: z.number(),
      boxes: z.array(z.object({ label: z.string(), box: z.array(z.number()).length(4) })),
    }),
  ),
});

/** The example as its reader starts it: no key, from a network that is trusted. Ends after one job. */
function startWorker(api: string): { process: ChildProcess; printed: () => string } {
  const worker = spawn('python3', ['-B', EXAMPLE, '--api', api, '--jobs', '1', '--lease-seconds', '15'], {
    env: { PATH: process.env.PATH },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [worker.stdout, worker.stderr])
    stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return { process: worker, printed: () => text };
}

/** The clip as a file with times. */
async function walkingVideo(folder: string): Promise<Buffer> {
  const path = join(folder, 'walking.mp4');
  const input = ['-v', 'error', '-r', '15', '-i', await walkingClip()];
  await promisify(execFile)('ffmpeg', [...input, '-c', 'copy', path]);
  return readFile(path);
}

describe('a worker in another language', () => {
  it('does the seed’s test jobs: claims, streams the video, finds the person who walks by, prints spans, reports', async () => {
    await using system = await System.start({ env: { VISION_TRUSTED_CIDRS: '127.0.0.0/8' } });
    const form = new FormData();
    form.append('file', new Blob([new Uint8Array(await walkingVideo(system.dataDirectory))]), 'walking.mp4');
    const uploaded = await fetch(`${system.api.url}/api/videos`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${system.api.key}` },
      body: form,
    });
    const video = z.object({ id: z.string() }).parse(await uploaded.json());
    const worker = startWorker(system.api.url);
    try {
      const date = new Date().toISOString().slice(0, 10);
      const asked = await system.api.call('POST', '/api/vision/enqueue_test', { date, limit: 3 });
      expect(asked.body).toEqual({ enqueued: 1 });
      const [code] = await once(worker.process, 'exit');
      expect([code, worker.printed()]).toEqual([0, expect.stringContaining('"name": "job"')]);
    } finally {
      worker.process.kill('SIGKILL');
    }
    const result = await until('the result is stored', async () => {
      const { body } = await system.api.call('GET', `/api/vision/results?event_id=${video.id}`);
      return (body as { items: StoredResult[] }).items[0];
    });
    const { frames } = Frames.parse(result.raw_response);
    const seen = frames.flatMap(({ boxes }) => boxes);
    expect(seen.length).toBeGreaterThanOrEqual(3);
    // They walk from the left to the right, and are looked at twice a second while they do.
    const lefts = seen.map(({ box }) => box[0] ?? 0);
    expect(lefts.at(-1)).toBeGreaterThan((lefts[0] ?? 0) + 0.2);
    expect(frames.some(({ timestamp_ms }) => timestamp_ms % 1000 === 500)).toBe(true);
    const spans = worker.printed();
    expect(spans).toMatch(/"trace_id": "0x[0-9a-f]{32}"/);
    expect(spans).toContain('"name": "detect"');
  }, 240_000);
});
