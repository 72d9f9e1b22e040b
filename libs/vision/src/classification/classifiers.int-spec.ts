import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeOnnx, type OnnxModel } from '../convert/onnx-file';
import { parseClassifiers } from './classifier-file';
import { Classifiers } from './classifiers';

const SIDE = 640;
const CLASSES = 3;

/** A classifier whose answers can be foretold: the three numbers of each head are the mean red, green and blue. */
function meanColourModel(side = SIDE): OnnxModel {
  return {
    nodes: [
      { opType: 'GlobalAveragePool', inputs: ['images'], outputs: ['mean'], attributes: {} },
      { opType: 'Flatten', inputs: ['mean'], outputs: ['type'], attributes: { axis: 1 } },
      { opType: 'Sigmoid', inputs: ['type'], outputs: ['colors'], attributes: {} },
    ],
    initializers: new Map(),
    input: { name: 'images', shape: [1, CLASSES, side, side] },
    outputs: ['type', 'colors'],
  };
}

const paints = ['Red', 'Green', 'Blue'].map((base) => ({ base, finish: null, lightness: null }));
const heads = {
  type: { output: 'type', labels: ['Car', 'SUV', 'Van'] },
  colors: { output: 'colors', activation: 'none', labels: paints, minConf: 0.6 },
};

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'camfleet classifiers '));
});
afterAll(() => rm(directory, { recursive: true }));

async function load(bytes: Uint8Array, change: Record<string, unknown> = {}): Promise<Classifiers> {
  await writeFile(join(directory, 'own.onnx'), bytes);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const source = { type: 'file', path: 'own.onnx', sha256 };
  const input = { name: 'images', scale: 1 / 255 };
  const classifier = { variant: 'baseline', version: '1', source, input, heads, ...change };
  const text = JSON.stringify({ classifiers: [classifier] });
  return Classifiers.load(parseClassifiers(text, join(directory, 'classifiers.json')), directory);
}

function plain([red, green, blue]: [number, number, number], side = SIDE) {
  const data = new Uint8Array(side * side * 3);
  for (let at = 0; at < data.length; at += 3) data.set([red, green, blue], at);
  return { data, width: side, height: side };
}

describe('classifiers of a user’s own', () => {
  it('say what their file and their labels make of a picture', async () => {
    const classifiers = await load(encodeOnnx(meanColourModel()));
    const [green] = await classifiers.classify(plain([0, 255, 128]));
    expect(green).toMatchObject({
      variant: 'baseline',
      classifier: { name: 'baseline', version: '1', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      type: { label: 'SUV', conf: expect.closeTo(Math.E / (1 + Math.E + Math.exp(128 / 255)), 3) },
      colors: [{ base: 'Green' }, { base: 'Blue' }],
      make: null,
      plate: null,
    });
  });

  it('take nothing but a picture of 640 x 640', async () => {
    const classifiers = await load(encodeOnnx(meanColourModel()));
    await expect(classifiers.classify(plain([0, 0, 0], 320))).rejects.toMatchObject({
      code: 'VISION_PICTURE_INVALID',
    });
  });

  it('are refused when the file is another one than was published', async () => {
    const source = { type: 'file', path: 'own.onnx', sha256: '0'.repeat(64) };
    const failed = load(encodeOnnx(meanColourModel()), { source });
    await expect(failed).rejects.toThrow(/model baseline .* is refused: expected SHA-256 0000/);
  });

  it('are refused when the model takes other pictures, or gives other numbers than there are labels', async () => {
    await expect(load(encodeOnnx(meanColourModel(320)))).rejects.toThrow(
      /expected input "images" float32 \[1,3,640,640\], found .*\[1,3,320,320\]/,
    );
    const type = { output: 'type', labels: ['Car', 'SUV'] };
    await expect(load(encodeOnnx(meanColourModel()), { heads: { type } })).rejects.toThrow(
      /expected output "type" float32 \[1,2\], found/,
    );
  });
});

describe('a classifiers file', () => {
  const parse = (classifiers: unknown) => () =>
    parseClassifiers(JSON.stringify({ classifiers }), '/models/classifiers.json');
  const good = {
    variant: 'baseline',
    version: '1',
    source: { type: 'file', path: 'a.onnx' },
    input: { name: 'images' },
    heads,
  };

  it('says of each mistake where it is', () => {
    expect(parse([{ ...good, version: 7 }])).toThrow(
      /^CLASSIFIERS: .*classifiers\.json: "baseline": version: /,
    );
    expect(parse([good, good])).toThrow(/"baseline": variant: stands there twice/);
    expect(parse([{ ...good, heads: {} }])).toThrow(/heads: there is none/);
    expect(parse([{ ...good, taxonomy: { Tank: {} } }])).toThrow(/"Tank" is no label of heads\.type/);
    expect(parse([])).toThrow(/must look like/);
  });
});
