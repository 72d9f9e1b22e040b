import type { CatalogueEntry, ClassifierEntry, FaceDecoder, ObjectDecoder } from '../models/entry';
import { inputShape } from '../models/picture-input';
import { labelsOf } from '../objects/labels-of';

/** A tensor of float32; an extent that may be anything is undefined. */
export interface ExpectedTensor {
  name: string;
  shape: readonly (number | undefined)[];
}

/** 68 points. */
const LANDMARK_NUMBERS = 136;

/** What a model's file must take and give to be what its entry says. */
export function expectedTensors(entry: CatalogueEntry): { input: ExpectedTensor; outputs: ExpectedTensor[] } {
  const { name, width, height } = entry.input;
  const input = { name, shape: inputShape(entry.input) };
  const cells = (stride: number) => Math.floor(width / stride) * Math.floor(height / stride);
  switch (entry.kind) {
    case 'face-landmarks':
      return { input, outputs: [{ name: entry.output, shape: [1, LANDMARK_NUMBERS] }] };
    case 'face-embedder':
      return { input, outputs: [{ name: entry.output, shape: [1, entry.dimensions] }] };
    case 'classifier':
      return { input, outputs: classifierOutputs(entry.heads) };
    case 'face-detector':
      return { input, outputs: faceOutputs(entry.decoder, cells) };
    case 'object-detector': {
      const classes = labelsOf(entry).length;
      return { input, outputs: objectOutputs(entry.decoder, { cells, classes }) };
    }
  }
}

type Cells = (stride: number) => number;

function faceOutputs(decoder: FaceDecoder, cells: Cells): ExpectedTensor[] {
  if (decoder.id === 'corners') {
    return [
      { name: decoder.scores, shape: [1, undefined, 2] },
      { name: decoder.boxes, shape: [1, undefined, 4] },
    ];
  }
  return decoder.strides.flatMap((stride) =>
    [['cls', 1] as const, ['obj', 1] as const, ['bbox', 4] as const, ['kps', 10] as const].map(
      ([what, numbers]) => ({ name: `${what}_${stride}`, shape: [1, cells(stride), numbers] }),
    ),
  );
}

function objectOutputs(
  decoder: ObjectDecoder,
  { cells, classes }: { cells: Cells; classes: number },
): ExpectedTensor[] {
  if (decoder.id === 'nanodet') {
    return decoder.strides.flatMap((_, level) => [
      { name: decoder.scores[level] ?? '', shape: [1, undefined, classes] },
      { name: decoder.distances[level] ?? '', shape: [1, undefined, 4 * decoder.bins] },
    ]);
  }
  if (decoder.id === 'centernet') {
    return [
      { name: decoder.keypoints, shape: [1, undefined, undefined, classes] },
      { name: decoder.peaks, shape: [1, undefined, undefined, classes] },
      { name: decoder.sides, shape: [1, undefined, undefined, 4] },
    ];
  }
  const all = decoder.strides.reduce((sum, stride) => sum + cells(stride), 0);
  return [{ name: decoder.output, shape: [1, all, 5 + classes] }];
}

function classifierOutputs({ type, make, model, colors, plate }: ClassifierEntry['heads']): ExpectedTensor[] {
  const labelled = [type, make, model, colors].filter((head) => head !== undefined);
  const outputs: ExpectedTensor[] = labelled.map(({ output, labels }) => ({
    name: output,
    shape: [1, labels.length],
  }));
  if (plate) outputs.push({ name: plate.output, shape: [1, undefined, [...plate.alphabet].length] });
  return outputs;
}
