import { ConvertError } from './convert-error';
import { GraphBuilder, type Scale } from './graph-builder';
import { encodeOnnx } from './onnx-file';
import { ARITHMETIC } from './operations/arithmetic';
import { CONVOLUTIONS } from './operations/convolution';
import { LAYOUT, SELECTION } from './operations/layout';
import type { Operations } from './operations/translate';
import { parseTfjsModel, type TfNode } from './tfjs-model';
import { readWeights } from './weights';

const OPERATIONS: Operations = { ...CONVOLUTIONS, ...ARITHMETIC, ...LAYOUT, ...SELECTION };

export interface ConvertRequest {
  /** The model's JSON file. */
  json: string;
  /** Its weights; where they lie in several files, one behind the other. */
  weights: Uint8Array;
  /** Another size of the picture than the model was made for; both sides have to be multiples of its strides. */
  inputSize?: { width: number; height: number };
  /** Names of nodes of the graph where it ends; the outputs have these names, and what lies behind is left out. */
  outputs: readonly string[];
}

/**
 * Turns a TensorFlow.js graph model with one picture as its input into an ONNX file. The same bytes in give the
 * same bytes out.
 * @throws ConvertError, naming the operation that is not known
 */
export function convertGraphModel({ json, weights, inputSize, outputs }: ConvertRequest): Uint8Array {
  const model = parseTfjsModel(json);
  const constants = readWeights(model.weights, weights);
  const nodes = inOrder(model.nodes, outputs);
  const placeholder = nodes.find(({ op }) => op === 'Placeholder');
  if (!placeholder) throw new ConvertError('The model has no input.');
  const { shape, scale } = scaledInput(placeholder, inputSize);
  const graph = new GraphBuilder(constants, scale);
  for (const node of nodes) {
    if (node.op === 'Const') continue;
    if (node.op === 'Placeholder') graph.define(node.name, [node.name]);
    else graph.define(node.name, translate(node, graph));
  }
  for (const name of outputs)
    graph.nodes.push({ opType: 'Identity', inputs: [graph.value(name)], outputs: [name], attributes: {} });
  const input = { name: placeholder.name, shape };
  return encodeOnnx({ nodes: graph.nodes, initializers: graph.initializers, input, outputs });
}

function translate(node: TfNode, graph: GraphBuilder): readonly string[] {
  const operation = OPERATIONS[node.op];
  if (!operation) throw new ConvertError(`The operation ${node.op} (${node.name}) is not known.`);
  return operation(node, graph);
}

/** The nodes that the outputs depend on, each behind its own inputs. */
function inOrder(nodes: readonly TfNode[], outputs: readonly string[]): TfNode[] {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const ordered = new Set<TfNode>();
  const visit = (name: string) => {
    const node = byName.get(name);
    if (!node) throw new ConvertError(`The model has no node ${name}.`);
    if (ordered.has(node)) return;
    for (const input of node.input) if (!input.startsWith('^')) visit(input.split(':')[0] ?? '');
    ordered.add(node);
  };
  outputs.forEach(visit);
  return [...ordered];
}

function scaledInput(node: TfNode, size: ConvertRequest['inputSize']): { shape: number[]; scale: Scale } {
  const own = node.attr['shape']?.shape?.dim.map((dim) => dim.size) ?? [];
  // A picture has three channels, first or last.
  const rows = own[1] === 3 ? 2 : 1;
  const { [rows]: height = 0, [rows + 1]: width = 0 } = own;
  if (own.length !== 4 || height < 1 || width < 1)
    throw new ConvertError(`The input ${node.name} is no picture of a known size.`);
  if (!size) return { shape: own, scale: { height: 1, width: 1 } };
  const shape = [...own];
  shape.splice(rows, 2, size.height, size.width);
  return { shape, scale: { height: size.height / height, width: size.width / width } };
}
