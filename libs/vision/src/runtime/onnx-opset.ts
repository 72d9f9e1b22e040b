import { Reader } from 'protobufjs/minimal';

/** Of `ModelProto` in onnx.proto. */
const GRAPH = 7;
const OPSET_IMPORT = 8;
const DOMAIN = 1;
const VERSION = 2;

/**
 * The version of the standard operators that an ONNX file asks for.
 * @returns undefined when the bytes are no whole ONNX model
 */
export function onnxOpset(bytes: Uint8Array): number | undefined {
  try {
    const reader = Reader.create(bytes);
    let opset: number | undefined;
    let hasGraph = false;
    while (reader.pos < reader.len) {
      const tag = reader.uint32();
      if (tag >>> 3 === OPSET_IMPORT) opset = standardOpset(reader.bytes()) ?? opset;
      else reader.skipType(tag & 7);
      hasGraph ||= tag >>> 3 === GRAPH;
    }
    return hasGraph ? opset : undefined;
  } catch {
    return undefined;
  }
}

function standardOpset(bytes: Uint8Array): number | undefined {
  const reader = Reader.create(bytes);
  let domain = '';
  let version: number | undefined;
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if (tag >>> 3 === DOMAIN) domain = reader.string();
    else if (tag >>> 3 === VERSION) version = Number(reader.int64());
    else reader.skipType(tag & 7);
  }
  return domain === '' || domain === 'ai.onnx' ? version : undefined;
}
