import { z } from 'zod';
import { ConvertError } from './convert-error';

const count = z.coerce.number().int();

/** An attribute of a node, as protobuf's JSON writes it: strings are base64, whole numbers may be strings. */
const attribute = z.object({
  s: z.string().optional(),
  i: count.optional(),
  f: z.number().optional(),
  b: z.boolean().optional(),
  type: z.string().optional(),
  list: z.object({ s: z.array(z.string()).optional(), i: z.array(count).optional() }).optional(),
  shape: z.object({ dim: z.array(z.object({ size: count.default(1) })).default([]) }).optional(),
});

const node = z.object({
  name: z.string(),
  op: z.string(),
  input: z.array(z.string()).default([]),
  attr: z.record(z.string(), attribute).default({}),
});

const weight = z.object({
  name: z.string(),
  shape: z.array(z.number().int().min(0)),
  dtype: z.enum(['float32', 'int32']),
  quantization: z
    .object({
      dtype: z.enum(['float16', 'uint8', 'uint16']),
      scale: z.number().default(1),
      min: z.number().default(0),
    })
    .optional(),
});

const tfjsModel = z.object({
  modelTopology: z.object({ node: z.array(node) }),
  weightsManifest: z.array(z.object({ weights: z.array(weight) })),
});

export type TfNode = z.infer<typeof node>;
export type TfjsWeight = z.infer<typeof weight>;

export interface TfjsModel {
  nodes: TfNode[];
  /** In the order of their bytes. */
  weights: TfjsWeight[];
}

/**
 * Reads the JSON half of a TensorFlow.js graph model.
 * @throws ConvertError
 */
export function parseTfjsModel(json: string): TfjsModel {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw new ConvertError('The model is not JSON.', { cause });
  }
  const parsed = tfjsModel.safeParse(value);
  if (!parsed.success)
    throw new ConvertError(`This is no TensorFlow.js graph model: ${z.prettifyError(parsed.error)}`);
  const { modelTopology, weightsManifest } = parsed.data;
  return { nodes: modelTopology.node, weights: weightsManifest.flatMap(({ weights }) => weights) };
}

/** A whole number; `fallback` where the node does not say. */
export function intOf({ attr }: TfNode, name: string, fallback = 0): number {
  return attr[name]?.i ?? fallback;
}

export function intsOf({ attr }: TfNode, name: string): number[] {
  return attr[name]?.list?.i ?? [];
}

export function flagOf({ attr }: TfNode, name: string): boolean {
  return attr[name]?.b ?? false;
}

export function floatOf({ attr }: TfNode, name: string, fallback: number): number {
  return attr[name]?.f ?? fallback;
}

/** Like `DT_FLOAT`; empty where the node does not say. */
export function typeOf({ attr }: TfNode, name: string): string {
  return attr[name]?.type ?? '';
}

export function textOf({ attr }: TfNode, name: string): string {
  return fromBase64(attr[name]?.s ?? '');
}

export function textsOf({ attr }: TfNode, name: string): string[] {
  return (attr[name]?.list?.s ?? []).map(fromBase64);
}

const fromBase64 = (text: string) => Buffer.from(text, 'base64').toString('latin1');
