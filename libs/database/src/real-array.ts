/** The type's number in every PostgreSQL: `float4`. */
const FLOAT4 = 700;
const HEADER_BYTES = 12;
const DIMENSION_BYTES = 8;
const ELEMENT_BYTES = 8;

type Vector = readonly number[] | Float32Array;

/**
 * Vectors end to end as PostgreSQL's own form of a `real[]` (`array_recv`): text would cost the database, and us,
 * more than all the rest of an event.
 */
export function encodeRealArray(vectors: readonly Vector[]): Buffer {
  const count = vectors.reduce((sum, { length }) => sum + length, 0);
  if (count === 0) {
    const empty = Buffer.alloc(HEADER_BYTES);
    empty.writeInt32BE(FLOAT4, 8);
    return empty;
  }
  const bytes = Buffer.allocUnsafe(HEADER_BYTES + DIMENSION_BYTES + count * ELEMENT_BYTES);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // One dimension, no nulls, the element's type; its length, counted from 1.
  [1, 0, FLOAT4, count, 1].forEach((value, index) => view.setInt32(index * 4, value));
  let at = HEADER_BYTES + DIMENSION_BYTES;
  for (const vector of vectors)
    for (let index = 0; index < vector.length; index += 1) {
      view.setInt32(at, 4);
      view.setFloat32(at + 4, vector[index] ?? 0);
      at += ELEMENT_BYTES;
    }
  return bytes;
}

/** What `array_send` of a `real[]` of one dimension without nulls gives; empty for an empty array. */
export function decodeRealArray(bytes: Uint8Array): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getInt32(0) === 0) return new Float32Array(0);
  const count = view.getInt32(HEADER_BYTES);
  const vector = new Float32Array(count);
  let at = HEADER_BYTES + DIMENSION_BYTES + 4;
  for (let index = 0; index < count; index += 1) {
    vector[index] = view.getFloat32(at);
    at += ELEMENT_BYTES;
  }
  return vector;
}
