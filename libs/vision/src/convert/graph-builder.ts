import { ConvertError } from './convert-error';
import type { Attribute, OnnxNode } from './onnx-file';
import { sizeOf, type Tensor } from './weights';

const TO_NCHW = [0, 3, 1, 2];
const TO_NHWC = [0, 2, 3, 1];

export interface Scale {
  height: number;
  width: number;
}

/** The ONNX graph as it grows. Its values have names; those of TensorFlow's are looked up by `value`. */
export class GraphBuilder {
  readonly nodes: OnnxNode[] = [];
  readonly initializers = new Map<string, Tensor>();
  private readonly values = new Map<string, readonly string[]>();
  private readonly nchw = new Map<string, string>();
  private named = 0;

  /**
   * @param constants TensorFlow's, by the names of their nodes
   * @param scale the asked input size as a multiple of the model's own
   */
  constructor(
    private readonly constants: ReadonlyMap<string, Tensor>,
    readonly scale: Scale,
  ) {}

  /** Tells which values the outputs of one of TensorFlow's nodes have become. */
  define(name: string, outputs: readonly string[]): void {
    this.values.set(name, outputs);
  }

  /** @param reference like `node`, `node:1` */
  value(reference: string | undefined): string {
    const [name = '', output = '0'] = reference?.split(':') ?? [];
    const constant = this.constants.get(name);
    const known = constant ? this.tensor(constant, name) : this.values.get(name)?.[Number(output)];
    if (known === undefined) throw new ConvertError(`A node has no input “${reference}”.`);
    return known;
  }

  /** @throws ConvertError when it is computed: what decides a shape has to be known */
  constant(reference: string | undefined): Tensor {
    const tensor = this.constants.get(reference ?? '');
    if (!tensor) throw new ConvertError(`“${reference}” has to be a constant.`);
    return tensor;
  }

  /** The whole numbers of a constant. */
  ints(reference: string | undefined): number[] {
    return Array.from(this.constant(reference).data, Number);
  }

  add(opType: string, inputs: readonly string[], attributes: Record<string, Attribute> = {}): string {
    const [output = ''] = this.addMany(opType, inputs, { attributes, count: 1 });
    return output;
  }

  addMany(
    opType: string,
    inputs: readonly string[],
    { attributes = {}, count }: { attributes?: Record<string, Attribute>; count: number },
  ): string[] {
    const outputs = Array.from({ length: count }, () => this.freshName(opType));
    this.nodes.push({ opType, inputs, outputs, attributes });
    return outputs;
  }

  /** A constant under its name; without one it is new. */
  tensor(tensor: Tensor, name = this.freshName('const')): string {
    this.initializers.set(name, tensor);
    return name;
  }

  /** Shapes, axes and counts are 64-bit in ONNX. */
  int64(values: readonly number[]): string {
    return this.tensor({ shape: [values.length], data: BigInt64Array.from(values, BigInt) });
  }

  float(value: number): string {
    return this.tensor({ shape: [], data: Float32Array.of(value) });
  }

  /** Runs `make` on a picture with its channels first; in and out are channels last, as TensorFlow has them. */
  channelsFirst(value: string, make: (nchw: string) => string): string {
    const made = make(this.nchw.get(value) ?? this.add('Transpose', [value], { perm: TO_NCHW }));
    const nhwc = this.add('Transpose', [made], { perm: TO_NHWC });
    this.nchw.set(nhwc, made);
    return nhwc;
  }

  private freshName(opType: string): string {
    this.named += 1;
    return `${opType}_${this.named}`;
  }
}

/** Axes in another order: axis `i` of the result is axis `order[i]` of the tensor. */
export function permute({ shape, data }: Tensor, order: readonly number[]): Tensor {
  if (!(data instanceof Float32Array)) throw new ConvertError('Weights have to be floats.');
  const extents = order.map((axis) => shape[axis] ?? 1);
  const strides = order.map((axis) => sizeOf(shape.slice(axis + 1)));
  const permuted = new Float32Array(data.length);
  const at = extents.map(() => 0);
  let from = 0;
  for (let index = 0; index < permuted.length; index += 1) {
    permuted[index] = data[from] ?? 0;
    // Like the wheels of a counter: the last one turns each time, and one before it when it is through.
    for (let axis = extents.length - 1; axis >= 0; axis -= 1) {
      const [place, extent, stride] = [(at[axis] ?? 0) + 1, extents[axis] ?? 1, strides[axis] ?? 0];
      from += stride;
      at[axis] = place;
      if (place < extent) break;
      from -= extent * stride;
      at[axis] = 0;
    }
  }
  return { shape: extents, data: permuted };
}
