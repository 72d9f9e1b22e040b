import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { BUILT_IN_MODELS, chooseModels } from '@camfleet/vision';
import { z } from 'zod';

const Message = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('pong') }),
  z.object({ type: z.literal('progress'), timestampMs: z.number() }),
  z.object({
    type: z.literal('assets'),
    requestId: z.number(),
    files: z.array(z.object({ name: z.string() })),
  }),
  z.object({
    type: z.literal('part'),
    requestId: z.number(),
    part: z.record(z.string(), z.array(z.unknown())),
  }),
  z.object({
    type: z.literal('finished'),
    outcome: z.object({
      state: z.string(),
      error: z.string().optional(),
      result: z
        .object({
          rawResponse: z.record(z.string(), z.unknown()),
          metadata: z.record(z.string(), z.unknown()),
        })
        .optional(),
    }),
  }),
]);

export interface JobOrder {
  analysisType: 'frames' | 'objects';
  url: string;
  params: Record<string, unknown>;
}

export interface JobRun {
  wallMs: number;
  /** As the analysis' schema in `@camfleet/protocol` says, parts included. */
  rawResponse: unknown;
  metadata: Record<string, unknown>;
}

/** The worker's own job child, with this process in the worker's place: addresses and checkpoints cost no network. */
export class BenchJobChild implements AsyncDisposable {
  private constructor(private readonly child: ChildProcess) {}

  static async start(root: string): Promise<BenchJobChild> {
    const settings = {
      modelsDirectory: join(root, '.models'),
      models: chooseModels(BUILT_IN_MODELS, {}),
      classifiers: [],
    };
    const child = fork(join(root, 'apps/worker/dist/jobs/job-child.js'), [], {
      env: { ...process.env, CAMFLEET_JOB_CHILD: JSON.stringify(settings) },
      serialization: 'advanced',
    });
    process.once('exit', () => child.kill('SIGKILL'));
    await once(child, 'message');
    return new BenchJobChild(child);
  }

  /** One job, from the order to the outcome, files stored. */
  run({ analysisType, url, params }: JobOrder): Promise<JobRun> {
    const { child } = this;
    const startedAtMs = performance.now();
    const told: Record<string, unknown[]> = {};
    return new Promise((resolve, reject) => {
      const onMessage = (raw: unknown) => {
        const message = Message.parse(raw);
        if (message.type === 'progress') child.send({ type: 'saved', timestampMs: message.timestampMs });
        if (message.type === 'assets') {
          const uploads = message.files.map(({ name }) => ({ name, key: name, url: `${url}/${name}` }));
          child.send({ type: 'uploads', requestId: message.requestId, uploads });
        }
        if (message.type === 'part') {
          for (const [name, entries] of Object.entries(message.part)) (told[name] ??= []).push(...entries);
          child.send({ type: 'part', requestId: message.requestId, isStored: true });
        }
        if (message.type !== 'finished') return;
        child.off('message', onMessage);
        const { error, result } = message.outcome;
        if (!result) return reject(new Error(error ?? 'no result'));
        const rawResponse = { ...result.rawResponse };
        for (const [name, entries] of Object.entries(told))
          rawResponse[name] = entries.concat(rawResponse[name] ?? []);
        resolve({ wallMs: performance.now() - startedAtMs, ...result, rawResponse });
      };
      child.on('message', onMessage);
      child.send({ type: 'run', job: { jobId: 1, analysisType, videoUrl: url, params } });
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const exited = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await exited;
  }
}
