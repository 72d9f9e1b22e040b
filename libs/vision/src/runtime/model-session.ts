import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type * as OnnxRuntime from 'onnxruntime-node';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { modelPath } from '../models/catalogue';
import type { CatalogueEntry } from '../models/entry';
import { type ExpectedTensor, expectedTensors } from './expected-tensors';
import { onnxOpset } from './onnx-opset';
import { modelRefused, VisionError } from './vision-error';

/** The standard operators that the ONNX Runtime of this version knows. */
const MIN_OPSET = 7;
const MAX_OPSET = 26;

type Outputs = (name: string) => Float32Array;

/** One loaded model with its input buffer, which the caller fills before each run. */
export class ModelSession<Entry extends CatalogueEntry = CatalogueEntry> {
  readonly input: Float32Array;
  /** Of the bytes that were loaded. */
  readonly sha256: string;
  /** Time spent in `run`, summed up. */
  modelMs = 0;
  private readonly feeds: Record<string, Tensor>;

  private constructor(
    private readonly session: InferenceSession,
    readonly entry: Entry,
    loaded: { runtime: typeof OnnxRuntime; sha256: string },
  ) {
    const { name, shape } = expectedTensors(entry).input;
    const extents = shape.map((extent) => extent ?? 1);
    this.sha256 = loaded.sha256;
    this.input = new Float32Array(extents.reduce((product, extent) => product * extent, 1));
    this.feeds = { [name]: new loaded.runtime.Tensor('float32', this.input, extents) };
  }

  /**
   * Loads exactly the bytes whose SHA-256 it has checked, and only what takes and gives what the entry says.
   * @throws VisionError `MODEL_MISSING`, `MODEL_INVALID`
   */
  static async load<Entry extends CatalogueEntry>(
    entry: Entry,
    directory: string,
  ): Promise<ModelSession<Entry>> {
    const path = modelPath(entry, directory);
    const bytes = await readFile(path).catch((cause: unknown) => {
      const text = `The model ${entry.id} (${path}) cannot be read: run the set-up.`;
      throw new VisionError('MODEL_MISSING', text, { cause });
    });
    const refuse = (expected: string, found: string) => modelRefused(entry, path, { expected, found });
    const { source, format } = entry;
    // What is converted here has no hash that was published.
    const sha256 = format === 'onnx' ? source.sha256 : undefined;
    const found = createHash('sha256').update(bytes).digest('hex');
    if (sha256 !== undefined && found !== sha256) throw refuse(`SHA-256 ${sha256}`, found);
    const opset = onnxOpset(bytes);
    if (opset === undefined) throw refuse('an ONNX model', `${describeBytes(bytes)} (${bytes.length} bytes)`);
    if (opset < MIN_OPSET || opset > MAX_OPSET)
      throw refuse(`an opset of ${MIN_OPSET} to ${MAX_OPSET}`, `opset ${opset}`);
    // One thread each: a machine's cores are shared by its decoding processes.
    const options = { intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 3 } as const;
    // Only where models run, and after its telemetry was switched off: it is large.
    const runtime = await import('onnxruntime-node');
    const session = await runtime.InferenceSession.create(bytes, options).catch((error: unknown) => {
      throw refuse('a model that ONNX Runtime loads', firstLine(error));
    });
    const expected = expectedTensors(entry);
    const mismatch =
      mismatchOf([expected.input], session.inputMetadata, 'input') ??
      mismatchOf(expected.outputs, session.outputMetadata, 'output');
    if (mismatch) throw refuse(mismatch.expected, mismatch.found);
    return new ModelSession(session, entry, { runtime, sha256: found });
  }

  /** The outputs by name. Blocks this thread while it runs. */
  async run(): Promise<Outputs> {
    const startedAt = performance.now();
    const outputs = await this.session.run(this.feeds);
    this.modelMs += performance.now() - startedAt;
    return (name) => {
      const data = outputs[name]?.data;
      if (!(data instanceof Float32Array)) throw new Error(`The model has no output ${name}.`);
      return data;
    };
  }
}

/** What is not as it was expected, in words. */
function mismatchOf(
  expected: readonly ExpectedTensor[],
  metadata: readonly InferenceSession.ValueMetadata[],
  role: 'input' | 'output',
): { expected: string; found: string } | undefined {
  const all = metadata.map(inWords).join(', ');
  for (const { name, shape } of expected) {
    const found = metadata.find((value) => value.name === name);
    if (found?.isTensor && found.type === 'float32' && fits(found.shape, shape)) continue;
    const wanted = `${role} "${name}" float32 [${shape.map((extent) => extent ?? '?').join(',')}]`;
    return { expected: wanted, found: found ? inWords(found) : all };
  }
  return role === 'input' && metadata.length !== 1 ? { expected: 'one input', found: all } : undefined;
}

/** A dynamic extent, which has a name, takes any. */
function fits(found: readonly (number | string)[], wanted: readonly (number | undefined)[]): boolean {
  return (
    found.length === wanted.length &&
    found.every((extent, index) => {
      const one = wanted[index];
      return one === undefined || typeof extent === 'string' || extent < 0 || extent === one;
    })
  );
}

function inWords(value: InferenceSession.ValueMetadata): string {
  return value.isTensor ? `"${value.name}" ${value.type} [${value.shape.join(',')}]` : `"${value.name}"`;
}

function describeBytes(bytes: Uint8Array): string {
  const start = Buffer.from(bytes.subarray(0, 200)).toString('latin1').trimStart();
  if (/^<(!doctype|html|\?xml)/i.test(start)) return 'a web page';
  if (start.startsWith('version https://git-lfs')) return 'a Git LFS pointer';
  return bytes.length === 0 ? 'an empty file' : 'something else or a part of one';
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n')[0]?.replace(/\.$/, '').slice(0, 300) ?? '';
}
