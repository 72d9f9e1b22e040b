import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { median } from '../measure/statistics';
import { startFileServer } from '../recorded/file-server';
import { BenchJobChild } from '../recorded/job-child';
import { makeRecording, RECORDING, RECORDING_SECONDS } from '../recorded/recorded-clip';
import { ffmpegVersion, NO_FFMPEG } from '../reference/ffmpeg';
import type { BenchContext, BenchRow, RowResult } from '../row';

const run = promisify(execFile);
const ROUNDS = 5;
const NAMES = {
  ratio: 'frames of 1080p30 at 1 fps as JPEGs of full size, by the time of `ffmpeg -threads 2 -vf fps=1`',
  speed: 'the same, how much faster than the video plays',
  keyframes: 'keyframes alone (each 2 s), how much faster than the video plays',
};

export const recordedFrames: BenchRow = {
  number: 26,
  withoutVideo: true,
  async run(context: BenchContext): Promise<RowResult[]> {
    const version = await ffmpegVersion();
    if (!version) return rows(undefined, NO_FFMPEG);
    const path = await makeRecording(context.scratch);
    await using server = await startFileServer(path);
    await using child = await BenchJobChild.start(context.root);
    const frames = async (params: Record<string, unknown>) =>
      (await child.run({ analysisType: 'frames', url: server.url, params })).wallMs;
    await frames({ sampling: 'keyframes' }); // code is warm, as in a worker
    const ours: number[] = [];
    const theirs: number[] = [];
    const keyframes: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const turns = [
        async () => ours.push(await frames({ sampling: 'fps', sample_fps: 1 })),
        async () => theirs.push(await ffmpeg(server.url, context.scratch)),
      ];
      for (const turn of round % 2 === 0 ? turns : turns.reverse()) await turn();
      keyframes.push(await frames({ sampling: 'keyframes' }));
    }
    return rows(
      {
        ratio: median(ours.map((wallMs, round) => wallMs / (theirs[round] ?? NaN))),
        speed: (RECORDING_SECONDS * 1000) / median(ours),
        keyframes: (RECORDING_SECONDS * 1000) / median(keyframes),
      },
      { video: RECORDING, rounds: ROUNDS, 'ffmpeg, s': median(theirs) / 1000, reference: version },
    );
  },
};

async function ffmpeg(url: string, scratch: string): Promise<number> {
  const folder = join(scratch, 'reference-frames');
  mkdirSync(folder, { recursive: true });
  const startedAtMs = performance.now();
  const output = ['-vf', 'fps=1', '-q:v', '4', join(folder, '%d.jpg')];
  await run('ffmpeg', ['-v', 'error', '-nostdin', '-y', '-threads', '2', '-i', url, ...output]);
  return performance.now() - startedAtMs;
}

type Figures = Record<keyof typeof NAMES, number>;

function rows(figures: Figures | undefined, details: RowResult['details']): RowResult[] {
  const target = { ratio: 1.1, speed: 5, keyframes: 40 };
  return (['ratio', 'speed', 'keyframes'] as const).map((key) => ({
    name: NAMES[key],
    measured: figures?.[key],
    target: target[key],
    unit: '×',
    compare: key === 'ratio' ? 'at most' : 'at least',
    details,
  }));
}
