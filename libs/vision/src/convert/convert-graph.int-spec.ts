import * as tf from '@tensorflow/tfjs-core';
import { loadGraphModel } from '@tensorflow/tfjs-converter';
import '@tensorflow/tfjs-backend-cpu';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { convertGraphModel, type ConvertRequest } from './convert-graph';

type Tensors = Record<string, { shape: readonly number[]; data: Float32Array }>;

/** The same numbers each time, between -1 and 1. */
function numbers(count: number, seed = 1): Float32Array {
  let state = seed;
  return Float32Array.from({ length: count }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return (state / 2_147_483_647) * 2 - 1;
  });
}

async function runTfjs({ json, weights, outputs }: ConvertRequest, input: Float32Array): Promise<Tensors> {
  const { modelTopology, weightsManifest } = JSON.parse(json);
  const weightSpecs = weightsManifest.flatMap(({ weights: specs }: { weights: unknown[] }) => specs);
  const weightData = Uint8Array.from(weights).buffer;
  const model = await loadGraphModel(tf.io.fromMemory({ modelTopology, weightSpecs, weightData }));
  const [{ name = '', shape = [] } = {}] = model.inputs;
  const results = model.execute({ [name]: tf.tensor(input, shape) }, [...outputs]);
  const tensors = Array.isArray(results) ? results : [results];
  const named: Tensors = {};
  for (const [index, output] of outputs.entries()) {
    const tensor = tensors[index];
    if (tensor) named[output] = { shape: tensor.shape, data: Float32Array.from(await tensor.data()) };
  }
  model.dispose();
  return named;
}

async function runOnnx(request: ConvertRequest, input: Float32Array): Promise<Tensors> {
  const session = await InferenceSession.create(convertGraphModel(request), { logSeverityLevel: 3 });
  const [meta] = session.inputMetadata;
  if (!meta?.isTensor) throw new Error('no input');
  const shape = meta.shape.map(Number);
  const results = await session.run({ [meta.name]: new Tensor('float32', input, shape) });
  await session.release();
  return Object.fromEntries(
    Object.entries(results).map(([name, { dims, data }]) => [
      name,
      { shape: dims, data: Float32Array.from(data as Float32Array) },
    ]),
  );
}

/** The largest difference of any two numbers of the outputs, which have to agree in shape. */
async function difference(request: ConvertRequest, input: Float32Array): Promise<number> {
  const [expected, converted] = [await runTfjs(request, input), await runOnnx(request, input)];
  let largest = 0;
  for (const name of request.outputs) {
    const [left, right] = [expected[name], converted[name]];
    expect(right?.shape).toEqual(left?.shape);
    left?.data.forEach((value, index) => {
      const apart = Math.abs(value - (right?.data[index] ?? NaN));
      if (!(apart <= largest)) largest = apart;
    });
  }
  return largest;
}

interface Weight {
  shape: number[];
  ints?: number[];
  quantization?: { dtype: 'uint8'; scale: number; min: number };
}

interface SmallGraph {
  /** Channels last. */
  input: number[];
  weights?: Record<string, Weight>;
  /** The last one, `y`, is the output. */
  nodes: { name: string; op: string; input: string[]; attr?: Record<string, unknown> }[];
}

/** A TensorFlow.js graph with the input `x`; weights that are not given are random. */
function smallGraph({ input, weights = {}, nodes }: SmallGraph): ConvertRequest {
  const dim = input.map((size) => ({ size: `${size}` }));
  const placeholder = { dtype: { type: 'DT_FLOAT' }, shape: { shape: { dim } } };
  const specs = Object.entries(weights).map(([name, { shape, ints, quantization }]) => {
    const kind = ints ? { dtype: 'int32', ints } : { dtype: 'float32', ints: undefined };
    return { name, shape, quantization, ...kind };
  });
  const bytes = specs.map(({ shape, ints, quantization }, index) => {
    const count = shape.reduce((product, extent) => product * extent, 1);
    if (quantization) return Uint8Array.from(numbers(count, index + 2), (value) => (value + 1) * 127);
    return new Uint8Array(ints ? Int32Array.from(ints).buffer : numbers(count, index + 2).buffer);
  });
  const constants = specs.map(({ name, dtype }) => ({
    name,
    op: 'Const',
    attr: { dtype: { type: dtype === 'int32' ? 'DT_INT32' : 'DT_FLOAT' } },
  }));
  return {
    json: JSON.stringify({
      modelTopology: {
        versions: {},
        node: [{ name: 'x', op: 'Placeholder', attr: placeholder }, ...constants, ...nodes],
      },
      weightsManifest: [{ paths: ['w'], weights: specs }],
    }),
    weights: Buffer.concat(bytes),
    outputs: ['y'],
  };
}

const text = (value: string) => ({ s: Buffer.from(value).toString('base64') });
const ints = (...values: number[]) => ({ list: { i: values.map(String) } });
const type = (name: string) => ({ type: `DT_${name}` });
const sliding = (stride: number, padding: string, dilation = 1) => ({
  strides: ints(1, stride, stride, 1),
  padding: text(padding),
  dilations: ints(1, dilation, dilation, 1),
  data_format: text('NHWC'),
});
const fused = (...ops: string[]) => ({
  fused_ops: { list: { s: ops.map((op) => text(op).s) } },
  num_args: { i: '1' },
});
const axis = (value: number): Weight => ({ shape: [], ints: [value] });
const list = (...values: number[]): Weight => ({ shape: [values.length], ints: values });
/** Whole numbers from -9 to 9 out of the input, for operations on indices. */
const whole = [
  { name: 'ten', op: 'Mul', input: ['x', 'ten_by'] },
  { name: 'n', op: 'Cast', input: ['ten'], attr: { SrcT: type('FLOAT'), DstT: type('INT32') } },
];
const back = { op: 'Cast', attr: { SrcT: type('INT32'), DstT: type('FLOAT') } };

const CASES: Record<string, SmallGraph> = {
  'a convolution whose padding is uneven': {
    input: [1, 8, 6, 3],
    weights: { k: { shape: [3, 3, 3, 5] }, b: { shape: [5] } },
    nodes: [
      {
        name: 'y',
        op: '_FusedConv2D',
        input: ['x', 'k', 'b'],
        attr: { ...sliding(2, 'SAME'), ...fused('BiasAdd', 'Relu6') },
      },
    ],
  },
  'a convolution with holes, and weights of eight bits': {
    input: [1, 9, 9, 3],
    weights: { k: { shape: [3, 3, 3, 2], quantization: { dtype: 'uint8', scale: 0.02, min: -2 } } },
    nodes: [{ name: 'y', op: 'Conv2D', input: ['x', 'k'], attr: sliding(1, 'VALID', 2) }],
  },
  'a depthwise convolution that doubles the channels': {
    input: [1, 7, 5, 3],
    weights: { k: { shape: [3, 3, 3, 2] } },
    nodes: [{ name: 'y', op: 'DepthwiseConv2dNative', input: ['x', 'k'], attr: sliding(2, 'SAME') }],
  },
  'a pool over paddings': {
    input: [1, 7, 6, 3],
    nodes: [
      {
        name: 'y',
        op: 'MaxPool',
        input: ['x'],
        attr: { ...sliding(2, 'SAME'), ksize: ints(1, 3, 3, 1) },
      },
    ],
  },
  ...Object.fromEntries(
    [
      { half_pixel_centers: { b: true }, align_corners: { b: false } },
      { half_pixel_centers: { b: false }, align_corners: { b: false } },
      { half_pixel_centers: { b: false }, align_corners: { b: true } },
    ].map((attr) => [
      `a resize with ${JSON.stringify(attr)}`,
      {
        input: [1, 4, 6, 3],
        weights: { size: list(8, 9) },
        nodes: [{ name: 'y', op: 'ResizeBilinear', input: ['x', 'size'], attr }],
      },
    ]),
  ),
  'pads, parts and turns': {
    input: [1, 4, 4, 3],
    weights: {
      pads: { shape: [4, 2], ints: [0, 0, 1, 2, 0, 1, 0, 0] },
      fill: { shape: [] },
      sizes: list(1, 2),
      at3: axis(3),
      turn: list(0, 3, 1, 2),
    },
    nodes: [
      { name: 'padded', op: 'Pad', input: ['x', 'pads'] },
      { name: 'filled', op: 'PadV2', input: ['padded', 'pads', 'fill'] },
      { name: 'parts', op: 'SplitV', input: ['filled', 'sizes', 'at3'], attr: { num_split: { i: '2' } } },
      { name: 'swapped', op: 'ConcatV2', input: ['parts:1', 'parts', 'at3'], attr: { N: { i: '2' } } },
      { name: 'turned', op: 'Transpose', input: ['swapped', 'turn'] },
      { name: 'y', op: 'LeakyRelu', input: ['turned'], attr: { alpha: { f: 0.1 } } },
    ],
  },
  'division and remainder of negative numbers': {
    input: [1, 4, 4, 3],
    weights: { ten_by: axis(10), three: axis(3), at3: axis(3) },
    nodes: [
      { name: 'ten_f', op: 'Cast', input: ['ten_by'], attr: back.attr },
      { name: 'ten', op: 'Mul', input: ['x', 'ten_f'] },
      ...whole.slice(1),
      { name: 'd', op: 'FloorDiv', input: ['n', 'three'], attr: { T: type('INT32') } },
      { name: 'm', op: 'FloorMod', input: ['n', 'three'], attr: { T: type('INT32') } },
      { name: 'both', op: 'ConcatV2', input: ['d', 'm', 'at3'], attr: { N: { i: '2' } } },
      { name: 'y', input: ['both'], ...back },
    ],
  },
  'a slice with steps': {
    input: [1, 5, 6, 3],
    weights: { from: list(0, 9, 1, -1), to: list(1, 9, 5, 3), step: list(1, 1, 2, 1) },
    nodes: [
      {
        name: 'y',
        op: 'StridedSlice',
        input: ['x', 'from', 'to', 'step'],
        attr: {
          begin_mask: { i: '2' },
          end_mask: { i: '2' },
          shrink_axis_mask: { i: '0' },
          ellipsis_mask: { i: '0' },
          new_axis_mask: { i: '0' },
        },
      },
    ],
  },
  'the best few, and what lies at their places': {
    input: [1, 4, 4, 3],
    weights: {
      flat: list(-1),
      five: axis(5),
      at0: axis(0),
      last: axis(-1),
      rows: list(1, 2),
      nowhere: { shape: [0, 1], ints: [] },
      nothing: { shape: [0], ints: [] },
      three: list(3),
      zero: axis(0),
      table: list(1, 5, 1),
    },
    nodes: [
      { name: 'mean', op: 'Mean', input: ['x', 'rows'], attr: { keep_dims: { b: true } } },
      { name: 'less', op: 'Sub', input: ['x', 'mean'] },
      { name: 'line', op: 'Reshape', input: ['less', 'flat'] },
      { name: 'top', op: 'TopKV2', input: ['line', 'five'], attr: { sorted: { b: true } } },
      {
        name: 'picked',
        op: 'GatherV2',
        input: ['line', 'top:1', 'at0'],
        attr: { batch_dims: { i: '0' } },
      },
      { name: 'is', op: 'Equal', input: ['picked', 'top'] },
      { name: 'ones', op: 'Cast', input: ['is'], attr: { SrcT: type('BOOL'), DstT: type('FLOAT') } },
      { name: 'sum', op: 'AddV2', input: ['ones', 'picked'] },
      { name: 'column', op: 'ExpandDims', input: ['sum', 'last'] },
      { name: 'blank', op: 'SparseToDense', input: ['nowhere', 'three', 'nothing', 'zero'] },
      { name: 'shape', op: 'AddV2', input: ['table', 'blank'] },
      { name: 'shaped', op: 'Reshape', input: ['column', 'shape'] },
      { name: 'y', op: 'Sigmoid', input: ['shaped'] },
    ],
  },
};

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe('a converted graph answers as the original does', () => {
  it.each(Object.keys(CASES))('%s', async (name) => {
    const graph = CASES[name];
    if (!graph) throw new Error('no graph');
    const input = numbers(graph.input.reduce((product, extent) => product * extent, 1));
    expect(await difference(smallGraph(graph), input)).toBeLessThan(1e-5);
  });

  it('also where the input has another size', async () => {
    const nodes = [{ name: 'y', op: 'ResizeBilinear', input: ['x', 'size'], attr: {} }];
    const request = smallGraph({ input: [1, 4, 8, 3], weights: { size: list(8, 17) }, nodes });
    const twice = await runOnnx({ ...request, inputSize: { width: 16, height: 8 } }, numbers(16 * 8 * 3));
    expect(twice['y']?.shape).toEqual([1, 16, 34, 3]);
    const half = { width: 4, height: 4 };
    expect(() => convertGraphModel({ ...request, inputSize: half })).toThrow(/input size/);
  });
});

describe('what cannot be converted is refused by name', () => {
  const unknown: SmallGraph = {
    input: [1, 4, 4, 3],
    nodes: [
      { name: 'known', op: 'Relu', input: ['x'] },
      { name: 'y', op: 'FFT2D', input: ['known'] },
    ],
  };

  it('an operation that is not known, unless it lies behind the cut', () => {
    expect(() => convertGraphModel(smallGraph(unknown))).toThrow(/FFT2D/);
    expect(() => convertGraphModel({ ...smallGraph(unknown), outputs: ['known'] })).not.toThrow();
    expect(() => convertGraphModel({ ...smallGraph(unknown), outputs: ['z'] })).toThrow(/no node z/);
  });

  it('weights that are torn, and what is no graph model', () => {
    const request = smallGraph({ ...unknown, weights: { w: { shape: [4] } } });
    expect(() => convertGraphModel({ ...request, weights: new Uint8Array(3) })).toThrow(/too short/);
    expect(() => convertGraphModel({ ...request, weights: new Uint8Array(17) })).toThrow(/too long/);
    expect(() => convertGraphModel({ ...request, json: '{"modelTopology":1}' })).toThrow(/no TensorFlow/);
    expect(() => convertGraphModel({ ...request, json: '<html>' })).toThrow(/not JSON/);
  });
});
