import { ConvertError } from '../convert-error';
import type { GraphBuilder } from '../graph-builder';
import { ELEMENT } from '../onnx-file';
import { flagOf, floatOf, typeOf } from '../tfjs-model';
import type { Operations, Translate } from './translate';

const LEAKY_SLOPE = 0.2;
const ELEMENTS: Readonly<Record<string, number>> = {
  DT_FLOAT: ELEMENT.float,
  DT_INT32: ELEMENT.int32,
  DT_BOOL: ELEMENT.bool,
};

/** Both know the same broadcasting. */
const sameAs =
  (opType: string): Translate =>
  ({ input }, graph) => [
    graph.add(
      opType,
      input.map((reference) => graph.value(reference)),
    ),
  ];

/** What may also be fused with a convolution. */
export const ACTIVATIONS: Readonly<Record<string, (value: string, graph: GraphBuilder) => string>> = {
  Relu: (value, graph) => graph.add('Relu', [value]),
  Relu6: (value, graph) => graph.add('Clip', [value, graph.float(0), graph.float(6)]),
  Sigmoid: (value, graph) => graph.add('Sigmoid', [value]),
};

const activations: Operations = Object.fromEntries(
  Object.entries(ACTIVATIONS).map(([op, add]): [string, Translate] => [
    op,
    ({ input }, graph) => [add(graph.value(input[0]), graph)],
  ]),
);

const isFloat = (type: string) => type === 'DT_FLOAT';

export const ARITHMETIC: Operations = {
  ...activations,
  Add: sameAs('Add'),
  AddV2: sameAs('Add'),
  Sub: sameAs('Sub'),
  Mul: sameAs('Mul'),
  Equal: sameAs('Equal'),
  LeakyRelu: (node, graph) => [
    graph.add('LeakyRelu', [graph.value(node.input[0])], {
      alpha: { float: floatOf(node, 'alpha', LEAKY_SLOPE) },
    }),
  ],
  Cast: (node, graph) => {
    const to = ELEMENTS[typeOf(node, 'DstT')];
    if (!to) throw new ConvertError(`${node.name} casts to ${typeOf(node, 'DstT')}, which is not known.`);
    return [graph.add('Cast', [graph.value(node.input[0])], { to })];
  },
  // Division of whole numbers cuts towards zero in ONNX; with the remainder taken off it comes out even.
  FloorDiv: (node, graph) => {
    const [dividend, divisor] = [graph.value(node.input[0]), graph.value(node.input[1])];
    if (isFloat(typeOf(node, 'T'))) return [graph.add('Floor', [graph.add('Div', [dividend, divisor])])];
    const remainder = graph.add('Mod', [dividend, divisor]);
    return [graph.add('Div', [graph.add('Sub', [dividend, remainder]), divisor])];
  },
  FloorMod: (node, graph) => {
    const [dividend, divisor] = [graph.value(node.input[0]), graph.value(node.input[1])];
    if (!isFloat(typeOf(node, 'T'))) return [graph.add('Mod', [dividend, divisor])];
    const whole = graph.add('Floor', [graph.add('Div', [dividend, divisor])]);
    return [graph.add('Sub', [dividend, graph.add('Mul', [whole, divisor])])];
  },
  Mean: (node, graph) => [
    graph.add('ReduceMean', [graph.value(node.input[0])], {
      axes: graph.ints(node.input[1]),
      keepdims: flagOf(node, 'keep_dims') ? 1 : 0,
    }),
  ],
};
