import { ConvertError } from '../convert-error';
import { type GraphBuilder, permute } from '../graph-builder';
import { intsOf, textOf, textsOf, type TfNode } from '../tfjs-model';
import type { Operations } from './translate';
import { ACTIVATIONS } from './arithmetic';

/** Height x width x in x out, to ONNX's out x in x height x width. */
const FULL_ORDER = [3, 2, 0, 1];
/** Height x width x channels x multiplier, to channels x multiplier x height x width. */
const DEPTHWISE_ORDER = [2, 3, 0, 1];

function convolution(node: TfNode, graph: GraphBuilder, isDepthwise: boolean): string[] {
  const [input, weights, bias] = node.input;
  const fused = textsOf(node, 'fused_ops');
  const kernel = permute(graph.constant(weights), isDepthwise ? DEPTHWISE_ORDER : FULL_ORDER);
  const [first = 1, second = 1, height = 1, width = 1] = kernel.shape;
  const shape = isDepthwise ? [first * second, 1, height, width] : kernel.shape;
  const inputs = [graph.tensor({ shape, data: kernel.data })];
  if (fused.includes('BiasAdd')) inputs.push(graph.value(bias));
  const attributes = {
    ...windowOf(node),
    kernel_shape: [height, width],
    dilations: rowsAndColumns(intsOf(node, 'dilations')),
    group: isDepthwise ? first : 1,
  };
  const convolved = graph.channelsFirst(graph.value(input), (nchw) =>
    fused
      .filter((name) => name !== 'BiasAdd')
      .reduce(
        (value, name) => activation(name)(value, graph),
        graph.add('Conv', [nchw, ...inputs], attributes),
      ),
  );
  return [convolved];
}

function activation(name: string): (value: string, graph: GraphBuilder) => string {
  const found = ACTIVATIONS[name];
  if (!found) throw new ConvertError(`A convolution is fused with ${name}, which is not known.`);
  return found;
}

/** Both kinds of windows slide alike. TensorFlow's SAME puts the odd pixel of padding at the end. */
function windowOf(node: TfNode): { strides: number[]; auto_pad: string } {
  const padding = textOf(node, 'padding');
  if (textOf(node, 'data_format') !== 'NHWC') throw new ConvertError(`${node.name} is not channels last.`);
  if (padding !== 'SAME' && padding !== 'VALID')
    throw new ConvertError(`${node.name} has the padding ${padding}, which is not known.`);
  return {
    strides: rowsAndColumns(intsOf(node, 'strides')),
    auto_pad: padding === 'SAME' ? 'SAME_UPPER' : 'VALID',
  };
}

const rowsAndColumns = ([, rows = 1, columns = 1]: readonly number[]) => [rows, columns];

export const CONVOLUTIONS: Operations = {
  Conv2D: (node, graph) => convolution(node, graph, false),
  _FusedConv2D: (node, graph) => convolution(node, graph, false),
  DepthwiseConv2dNative: (node, graph) => convolution(node, graph, true),
  FusedDepthwiseConv2dNative: (node, graph) => convolution(node, graph, true),
  MaxPool: (node, graph) => [
    graph.channelsFirst(graph.value(node.input[0]), (nchw) =>
      graph.add('MaxPool', [nchw], {
        ...windowOf(node),
        kernel_shape: rowsAndColumns(intsOf(node, 'ksize')),
      }),
    ),
  ],
};
