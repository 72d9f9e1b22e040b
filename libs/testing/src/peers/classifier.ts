import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeOnnx } from '@camfleet/vision';

const VARIANTS = ['baseline', 'cmt'] as const;

/**
 * Writes a classifiers file of two variants whose answers can be foretold: the scores of the types Car, SUV and Van are
 * ten times the mean red, green and blue of the picture; `cmt` takes it for BGR, and sees blue as red.
 * @returns the file's path
 */
export async function writeClassifiers(directory: string): Promise<string> {
  const bytes = encodeOnnx({
    nodes: [
      { opType: 'GlobalAveragePool', inputs: ['images'], outputs: ['mean'], attributes: {} },
      { opType: 'Flatten', inputs: ['mean'], outputs: ['type'], attributes: { axis: 1 } },
    ],
    initializers: new Map(),
    input: { name: 'images', shape: [1, 3, 640, 640] },
    outputs: ['type'],
  });
  await writeFile(join(directory, 'mean-colour.onnx'), bytes);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const paints = ['Red', 'Green', 'Blue'].map((base) => ({ base, finish: null, lightness: null }));
  const classifiers = VARIANTS.map((variant) => ({
    variant,
    name: `mean-colour-${variant}`,
    version: '1',
    source: { type: 'file', path: 'mean-colour.onnx', sha256 },
    input: { name: 'images', scale: 10 / 255, channels: variant === 'cmt' ? 'BGR' : 'RGB' },
    heads: {
      type: { output: 'type', labels: ['Car', 'SUV', 'Van'] },
      colors: { output: 'type', activation: 'softmax', labels: paints },
    },
  }));
  const path = join(directory, 'classifiers.json');
  await writeFile(path, JSON.stringify({ classifiers }));
  return path;
}
