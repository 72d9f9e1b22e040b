import { Root } from 'protobufjs';
import type { Tensor } from './weights';

const field = (id: number, type: string) => ({ id, type });
const list = (id: number, type: string) => ({ id, type, rule: 'repeated' });

/** The part of onnx.proto (Apache-2.0, github.com/onnx/onnx) that a converted model needs. */
const MODEL = Root.fromJSON({
  nested: {
    ModelProto: {
      fields: {
        irVersion: field(1, 'int64'),
        producerName: field(2, 'string'),
        graph: field(7, 'GraphProto'),
        opsetImport: list(8, 'OperatorSetIdProto'),
      },
    },
    OperatorSetIdProto: { fields: { domain: field(1, 'string'), version: field(2, 'int64') } },
    GraphProto: {
      fields: {
        node: list(1, 'NodeProto'),
        name: field(2, 'string'),
        initializer: list(5, 'TensorProto'),
        input: list(11, 'ValueInfoProto'),
        output: list(12, 'ValueInfoProto'),
      },
    },
    NodeProto: {
      fields: {
        input: list(1, 'string'),
        output: list(2, 'string'),
        name: field(3, 'string'),
        opType: field(4, 'string'),
        attribute: list(5, 'AttributeProto'),
      },
    },
    AttributeProto: {
      fields: {
        name: field(1, 'string'),
        f: field(2, 'float'),
        i: field(3, 'int64'),
        s: field(4, 'string'),
        ints: list(8, 'int64'),
        type: field(20, 'int32'),
      },
    },
    TensorProto: {
      fields: {
        dims: list(1, 'int64'),
        dataType: field(2, 'int32'),
        name: field(8, 'string'),
        rawData: field(9, 'bytes'),
      },
    },
    ValueInfoProto: { fields: { name: field(1, 'string'), type: field(2, 'TypeProto') } },
    TypeProto: { fields: { tensorType: field(1, 'TensorTypeProto') } },
    TensorTypeProto: { fields: { elemType: field(1, 'int32'), shape: field(2, 'TensorShapeProto') } },
    TensorShapeProto: { fields: { dim: list(1, 'DimensionProto') } },
    DimensionProto: { fields: { dimValue: field(1, 'int64') } },
  },
}).lookupType('ModelProto');

/** TensorProto.DataType. */
export const ELEMENT = { float: 1, int32: 6, int64: 7, bool: 9 } as const;
/** AttributeProto.AttributeType. */
const ATTRIBUTE = { float: 1, int: 2, string: 3, ints: 7 } as const;
/** Of these the operations are used as they are described: https://onnx.ai/onnx/operators/ */
const OPSET = 17;
const IR_VERSION = 8;

/** `{ float }` holds what is a float also where its value is whole. */
export type Attribute = number | string | readonly number[] | { float: number };

export interface OnnxNode {
  opType: string;
  inputs: readonly string[];
  outputs: readonly string[];
  attributes: Readonly<Record<string, Attribute>>;
}

export interface OnnxModel {
  nodes: readonly OnnxNode[];
  initializers: ReadonlyMap<string, Tensor>;
  input: { name: string; shape: readonly number[] };
  /** Names; all are floats. */
  outputs: readonly string[];
}

/** The same model gives the same bytes. */
export function encodeOnnx({ nodes, initializers, input, outputs }: OnnxModel): Uint8Array {
  return MODEL.encode({
    irVersion: IR_VERSION,
    producerName: 'camfleet',
    opsetImport: [{ domain: '', version: OPSET }],
    graph: {
      name: 'converted',
      node: nodes.map(({ opType, inputs, outputs: to, attributes }) => ({
        opType,
        input: inputs,
        output: to,
        name: to[0],
        attribute: Object.entries(attributes).map(encodeAttribute),
      })),
      initializer: [...initializers].map(([name, { shape, data }]) => ({
        name,
        dims: shape,
        dataType: elementOf(data),
        rawData: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
      })),
      input: [valueInfo(input.name, input.shape)],
      output: outputs.map((name) => valueInfo(name)),
    },
  }).finish();
}

function elementOf(data: Tensor['data']): number {
  if (data instanceof Float32Array) return ELEMENT.float;
  return data instanceof Int32Array ? ELEMENT.int32 : ELEMENT.int64;
}

function encodeAttribute([name, value]: [string, Attribute]): object {
  if (typeof value === 'number') return { name, type: ATTRIBUTE.int, i: value };
  if (typeof value === 'string') return { name, type: ATTRIBUTE.string, s: value };
  if ('float' in value) return { name, type: ATTRIBUTE.float, f: value.float };
  return { name, type: ATTRIBUTE.ints, ints: value };
}

function valueInfo(name: string, shape?: readonly number[]): object {
  const dims = shape && { shape: { dim: shape.map((dimValue) => ({ dimValue })) } };
  return { name, type: { tensorType: { elemType: ELEMENT.float, ...dims } } };
}
