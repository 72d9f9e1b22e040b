import { ConvertError } from './convert-error';
import type { TfjsWeight } from './tfjs-model';

/** A constant of the graph. */
export interface Tensor {
  shape: readonly number[];
  data: Float32Array | Int32Array | BigInt64Array;
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

const BYTES = { float16: 2, uint8: 1, uint16: 2 } as const;

/**
 * The weights by name, as 32-bit numbers. They lie behind one another without gaps, little-endian; smaller ones
 * are unfolded as `value * scale + min` (converter/python/tensorflowjs/quantization.py).
 * @throws ConvertError when there are fewer bytes or more
 */
export function readWeights(weights: readonly TfjsWeight[], bytes: Uint8Array): Map<string, Tensor> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found = new Map<string, Tensor>();
  let offset = 0;
  for (const weight of weights) {
    const count = sizeOf(weight.shape);
    const stride = weight.quantization ? BYTES[weight.quantization.dtype] : 4;
    if (offset + count * stride > bytes.length) throw new ConvertError('The file of weights is too short.');
    const data = weight.dtype === 'int32' ? new Int32Array(count) : new Float32Array(count);
    const read = reader(weight, view);
    for (let index = 0; index < count; index += 1) data[index] = read(offset + index * stride);
    found.set(weight.name, { shape: weight.shape, data });
    offset += count * stride;
  }
  if (offset !== bytes.length) throw new ConvertError('The file of weights is too long.');
  return found;
}

function reader({ dtype, quantization }: TfjsWeight, view: DataView): (offset: number) => number {
  if (!quantization) {
    return dtype === 'int32'
      ? (offset) => view.getInt32(offset, true)
      : (offset) => view.getFloat32(offset, true);
  }
  const { scale, min } = quantization;
  switch (quantization.dtype) {
    case 'float16':
      return (offset) => halfToNumber(view.getUint16(offset, true));
    case 'uint8':
      return (offset) => view.getUint8(offset) * scale + min;
    case 'uint16':
      return (offset) => view.getUint16(offset, true) * scale + min;
  }
}

/** IEEE 754 binary16: one bit of sign, five of exponent, ten of fraction. */
export function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
