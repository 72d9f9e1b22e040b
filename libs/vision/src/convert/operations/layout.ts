import { ConvertError } from '../convert-error';
import type { GraphBuilder } from '../graph-builder';
import { ELEMENT } from '../onnx-file';
import { flagOf, intOf, type TfNode } from '../tfjs-model';
import type { Operations } from './translate';

const FAR = 2 ** 31 - 1;

/** The paddings come as pairs; ONNX wants all starts and then all ends. */
function pad({ input }: TfNode, graph: GraphBuilder, fill: string): string[] {
  const pairs = graph.ints(input[1]);
  const starts = pairs.filter((_, index) => index % 2 === 0);
  const ends = pairs.filter((_, index) => index % 2 === 1);
  return [graph.add('Pad', [graph.value(input[0]), graph.int64([...starts, ...ends]), fill])];
}

/** The target size is a constant made for the model's own input; it grows with the input. */
function resizeBilinear(node: TfNode, graph: GraphBuilder): string[] {
  const [height = 0, width = 0] = graph.ints(node.input[1]);
  const size = [height * graph.scale.height, width * graph.scale.width];
  if (!size.every(Number.isInteger))
    throw new ConvertError('The model cannot have this input size: a layer would not have whole rows.');
  const corners = flagOf(node, 'align_corners') ? 'align_corners' : 'asymmetric';
  const mode = flagOf(node, 'half_pixel_centers') ? 'half_pixel' : corners;
  const value = graph.channelsFirst(graph.value(node.input[0]), (nchw) => {
    const shape = graph.add('Shape', [nchw], { start: 0, end: 2 });
    const sizes = graph.add('Concat', [shape, graph.int64(size)], { axis: 0 });
    return graph.add('Resize', [nchw, '', '', sizes], {
      mode: 'linear',
      coordinate_transformation_mode: mode,
    });
  });
  return [value];
}

function stridedSlice(node: TfNode, graph: GraphBuilder): string[] {
  for (const mask of ['ellipsis_mask', 'new_axis_mask', 'shrink_axis_mask'])
    if (intOf(node, mask) !== 0) throw new ConvertError(`${node.name} has an ${mask}, which is not known.`);
  const [begins, ends, steps] = [1, 2, 3].map((index) => graph.ints(node.input[index]));
  if (!begins || !ends || !steps?.every((step) => step > 0))
    throw new ConvertError(`${node.name} slices backwards, which is not known.`);
  const unlessMasked = (values: number[], mask: string, whole: number) =>
    values.map((value, axis) => ((intOf(node, mask) >> axis) & 1 ? whole : value));
  const parameters = [
    unlessMasked(begins, 'begin_mask', 0),
    unlessMasked(ends, 'end_mask', FAR),
    begins.map((_, axis) => axis),
    steps,
  ];
  return [
    graph.add('Slice', [graph.value(node.input[0]), ...parameters.map((values) => graph.int64(values))]),
  ];
}

const toInt64 = (graph: GraphBuilder, reference: string | undefined) =>
  graph.add('Cast', [graph.value(reference)], { to: ELEMENT.int64 });

/** How tensors are put together, taken apart and turned. */
export const LAYOUT: Operations = {
  Identity: ({ input }, graph) => [graph.value(input[0])],
  Transpose: ({ input }, graph) => [
    graph.add('Transpose', [graph.value(input[0])], { perm: graph.ints(input[1]) }),
  ],
  Reshape: ({ input }, graph) => [graph.add('Reshape', [graph.value(input[0]), toInt64(graph, input[1])])],
  ExpandDims: ({ input }, graph) => [
    graph.add('Unsqueeze', [graph.value(input[0]), graph.int64(graph.ints(input[1]))]),
  ],
  ConcatV2: ({ input }, graph) => {
    const [axis = 0] = graph.ints(input.at(-1));
    return [
      graph.add(
        'Concat',
        input.slice(0, -1).map((reference) => graph.value(reference)),
        { axis },
      ),
    ];
  },
  SplitV: (node, graph) => {
    const [value, sizes, axisReference] = node.input;
    const [axis = 0] = graph.ints(axisReference);
    const parts = graph.ints(sizes);
    const inputs = [graph.value(value), graph.int64(parts)];
    return graph.addMany('Split', inputs, { attributes: { axis }, count: parts.length });
  },
  Pad: (node, graph) => pad(node, graph, graph.float(0)),
  PadV2: (node, graph) => pad(node, graph, graph.value(node.input[2])),
  ResizeBilinear: resizeBilinear,
  StridedSlice: stridedSlice,
};

/** What picks some of many. Indices are 32-bit in TensorFlow. */
export const SELECTION: Operations = {
  GatherV2: (node, graph) => {
    if (intOf(node, 'batch_dims') !== 0) throw new ConvertError(`${node.name} gathers in batches.`);
    const [axis = 0] = graph.ints(node.input[2]);
    return [graph.add('Gather', [graph.value(node.input[0]), graph.value(node.input[1])], { axis })];
  },
  TopKV2: ({ input }, graph) => {
    const inputs = [graph.value(input[0]), graph.int64(graph.ints(input[1]))];
    const [values = '', indices = ''] = graph.addMany('TopK', inputs, { count: 2 });
    return [values, graph.add('Cast', [indices], { to: ELEMENT.int32 })];
  },
  SparseToDense: ({ input }, graph) => {
    const [indices, shape, values, fill] = input;
    const empty = graph.add('Expand', [graph.value(fill), toInt64(graph, shape)]);
    const rows = graph.constant(indices).shape.length === 2 ? toInt64(graph, indices) : undefined;
    if (!rows) throw new ConvertError('SparseToDense is known with a list of places only.');
    return [graph.add('ScatterND', [empty, rows, graph.value(values)])];
  },
};
