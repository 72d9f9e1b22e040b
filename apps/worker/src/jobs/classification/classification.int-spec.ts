import { createServer, type Server } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cropJpeg } from '@camfleet/media';
import { ClassificationResult } from '@camfleet/protocol';
import { writeClassifiers } from '@camfleet/testing';
import { DEFAULT_MODELS, readClassifiers } from '@camfleet/vision';
import type { AnalysisTask } from '../analysis';
import { classificationAnalysis } from './classification.analysis';

let directory: string;
let server: Server;
let files: Record<string, Buffer>;

async function plainJpeg([red, green, blue]: [number, number, number], side: number): Promise<Buffer> {
  const data = new Uint8Array(side * side * 3);
  for (let at = 0; at < data.length; at += 3) data.set([red, green, blue], at);
  return cropJpeg({ data, width: side, height: side }, [0, 0, 1, 1], { margin: 1, maxSide: side });
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'camfleet classification '));
  const green = await plainJpeg([20, 200, 20], 640);
  files = {
    '/green.jpg': green,
    '/blue.jpg': await plainJpeg([20, 20, 200], 640),
    '/small.jpg': await plainJpeg([20, 200, 20], 320),
    '/half.jpg': green.subarray(0, green.length / 2),
    '/page.jpg': Buffer.from('<!doctype html>'),
    '/empty.jpg': Buffer.alloc(0),
  };
  server = createServer((request, response) => {
    const file = files[request.url ?? ''];
    response.writeHead(file ? 200 : 404).end(file);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  server.close();
  await rm(directory, { recursive: true });
});

async function analysis() {
  const classifiers = await readClassifiers(await writeClassifiers(directory));
  return classificationAnalysis({ classifiers, modelsDirectory: directory, models: DEFAULT_MODELS });
}

function taskFor(file: string): AnalysisTask {
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    jobId: 1,
    video: { url: `http://127.0.0.1:${port}${file}` },
    params: {},
    signal: new AbortController().signal,
    report: () => Promise.resolve(),
    putPart: () => Promise.resolve(),
    putAsset: () => Promise.reject(new Error('Classification stores no files.')),
  };
}

describe('the analysis classification', () => {
  it('says what each variant makes of a snapshot, in the form that the API takes', async () => {
    const { run } = await analysis();
    const { rawResponse, model } = await run(taskFor('/blue.jpg'));
    expect(ClassificationResult.parse(rawResponse).variants).toEqual([
      expect.objectContaining({ variant: 'baseline', type: { label: 'Van', conf: expect.closeTo(1, 1) } }),
      expect.objectContaining({ variant: 'cmt', type: { label: 'Car', conf: expect.closeTo(1, 1) } }),
    ]);
    expect(model).toBe('baseline=mean-colour-baseline,cmt=mean-colour-cmt');
    const green = ClassificationResult.parse((await run(taskFor('/green.jpg'))).rawResponse);
    expect(green.variants.map(({ colors }) => colors[0]?.base)).toEqual(['Green', 'Green']);
  });

  it.each([
    ['/small.jpg', /not 320 x 320/],
    ['/half.jpg', /not a broken one/],
    ['/page.jpg', /not something else/],
    ['/empty.jpg', /not something else/],
  ])('takes nothing but a JPEG of 640 x 640, and does not try %s again', async (file, message) => {
    const failed = (await analysis()).run(taskFor(file));
    await expect(failed).rejects.toMatchObject({
      code: 'SOURCE_INVALID',
      message: expect.stringMatching(message),
    });
  });

  it('says that a snapshot is gone', async () => {
    await expect((await analysis()).run(taskFor('/none.jpg'))).rejects.toMatchObject({
      code: 'SOURCE_NOT_FOUND',
    });
  });
});
