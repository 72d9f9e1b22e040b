import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RgbImage } from '@camfleet/domain';
import { encodeOnnx } from '../convert/onnx-file';
import { faceRegion } from '../faces/face-region';
import { chooseModels, readCatalogue } from '../models/catalogue';
import { fetchModels } from '../models/fetch-models';
import { prepareModels } from './check-models';
import { startVision } from './vision';

const MODELS = join(__dirname, '../../../../.models');
const DIMENSIONS = 128;
const COLOUR = [200, 100, 50] as const;

let directory: string;

beforeAll(async () => {
  await fetchModels({ directory: MODELS });
  directory = await mkdtemp(join(tmpdir(), 'camfleet-'));
}, 120_000);

afterAll(() => rm(directory, { recursive: true }));

/**
 * Takes and gives what SFace of the OpenCV zoo does (`data` 1 x 3 x 112 x 112, `fc1` 1 x 128), and tells what it was
 * shown: the first three numbers are the means of its channels, the rest is 0.
 */
function sfaceShaped(output = 'fc1'): Uint8Array {
  const weights = new Float32Array(3 * DIMENSIONS);
  for (let channel = 0; channel < 3; channel += 1) weights[channel * DIMENSIONS + channel] = 1;
  return encodeOnnx({
    nodes: [
      { opType: 'GlobalAveragePool', inputs: ['data'], outputs: ['means'], attributes: {} },
      { opType: 'Flatten', inputs: ['means'], outputs: ['flat'], attributes: { axis: 1 } },
      { opType: 'MatMul', inputs: ['flat', 'weights'], outputs: [output], attributes: {} },
    ],
    initializers: new Map([['weights', { shape: [3, DIMENSIONS], data: weights }]]),
    input: { name: 'data', shape: [1, 3, 112, 112] },
    outputs: [output],
  });
}

/** As a user brings it: a file, and an entry based on the built-in one. */
async function ownSface(bytes: Uint8Array) {
  await writeFile(join(directory, 'sface.onnx'), bytes);
  const path = join(directory, 'models.json');
  const entry = { id: 'my-sface', basedOn: 'sface', source: { type: 'file', path: 'sface.onnx' } };
  await writeFile(path, JSON.stringify({ models: [entry] }));
  return chooseModels(await readCatalogue(path), { faceEmbedder: 'my-sface' });
}

describe('SFace as a user’s own file', () => {
  it('is shown faces in RGB from 0 to 255, as it was taught: else everybody looks alike to it', async () => {
    const models = await ownSface(sfaceShaped());
    await prepareModels({ models, directory: MODELS });
    await using vision = await startVision({ modelsDirectory: MODELS, models });
    expect(vision.embedder).toEqual({ model: 'my-sface', version: '2021dec' });
    const region = faceRegion([0.4, 0.4, 0.2, 0.2], { width: 640, height: 640 });
    const pixels = plain(region.side, COLOUR);
    const [face] = await vision.describeFaces([{ region, pixels, embedFromScore: 0 }]);
    const { embedding, embeddingLength = 0 } = face ?? {};
    expect(embedding).toHaveLength(DIMENSIONS);
    const whole = Math.hypot(...COLOUR);
    COLOUR.forEach((value, channel) => expect(embedding?.[channel]).toBeCloseTo(value / whole, 3));
    expect(embedding?.slice(3).every((value) => value === 0)).toBe(true);
    // What of the aligned picture lies beyond the region is black.
    expect(embeddingLength).toBeLessThan(1.01 * whole);
    expect(embeddingLength).toBeGreaterThan(0.5 * whole);
  }, 60_000);

  it('is refused when its output has another name', async () => {
    const models = await ownSface(sfaceShaped('embedding'));
    await expect(prepareModels({ models, directory: MODELS })).rejects.toThrow(
      /my-sface .*expected output "fc1" float32 \[1,128\], found "embedding"/,
    );
  }, 60_000);
});

function plain(side: number, colour: readonly number[]): RgbImage {
  const data = new Uint8Array(side * side * 3);
  for (let pixel = 0; pixel < side * side; pixel += 1) data.set(colour, pixel * 3);
  return { data, width: side, height: side };
}
