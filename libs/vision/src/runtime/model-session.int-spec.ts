import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_MODELS } from '../models/catalogue';
import type { CatalogueEntry } from '../models/entry';
import { fetchModels } from '../models/fetch-models';
import { prepareModels } from './check-models';
import { ModelSession } from './model-session';

const MODELS = join(__dirname, '../../../../.models');
const { faceDetector, faceEmbedder } = DEFAULT_MODELS;

let directory: string;
let detector: Buffer;

beforeAll(async () => {
  await fetchModels({ directory: MODELS });
  detector = await readFile(join(MODELS, 'fr_detect.onnx'));
  directory = await mkdtemp(join(tmpdir(), 'camfleet models '));
}, 120_000);

afterAll(() => rm(directory, { recursive: true }));

async function own<Entry extends CatalogueEntry>(entry: Entry, bytes: Uint8Array): Promise<Entry> {
  const path = join(directory, 'own.onnx');
  await writeFile(path, bytes);
  return { ...entry, id: 'own', source: { type: 'file', path } };
}

/** The same file, said to use another version of the standard operators. */
function withOpset(version: number): Buffer {
  const bytes = Buffer.from(detector);
  // `opset_import { domain: "" version: 9 }` is the last field of the file.
  const at = bytes.lastIndexOf(Buffer.of(0x10, 9));
  bytes[at + 1] = version;
  return bytes;
}

describe('a model is refused at the door, in one line that names the file, what was expected and what was found', () => {
  it.each([
    ['truncated', () => detector.subarray(0, 200_000), /expected an ONNX model, found .*\(200000 bytes\)/],
    ['a web page', () => Buffer.from('<!doctype html><p>404'), /expected an ONNX model, found a web page/],
    [
      'a pointer of Git LFS',
      () => Buffer.from('version https://git-lfs.github.com/spec/v1\n'),
      /found a Git LFS pointer/,
    ],
    ['empty', () => Buffer.alloc(0), /found an empty file/],
    ['of the future', () => withOpset(40), /expected an opset of 7 to 26, found opset 40/],
  ])('%s', async (_what, bytes, message) => {
    const entry = await own(faceDetector, bytes());
    await expect(ModelSession.load(entry, directory)).rejects.toMatchObject({
      code: 'MODEL_INVALID',
      message: expect.stringMatching(message),
    });
    await expect(ModelSession.load(entry, directory)).rejects.toThrow(/The model own \(.*own\.onnx\) is refused: [^\n]*$/); // prettier-ignore
  });

  it('another kind of model', async () => {
    const entry = await own(faceEmbedder, detector);
    const expected = /expected input "input" float32 \[1,3,112,112\], found "input" float32 \[1,3,240,320\]/;
    await expect(ModelSession.load(entry, directory)).rejects.toThrow(expected);
  });

  it('other outputs than its decoder reads', async () => {
    const entry = await own(faceDetector, detector);
    const decoder = { id: 'yunet' as const, strides: [8], minScore: 0.5, maxOverlap: 0.3 };
    const failed = ModelSession.load({ ...entry, decoder }, directory);
    await expect(failed).rejects.toThrow(
      /expected output "cls_8" float32 \[1,1200,1\], found "scores" float32/,
    );
  });
});

describe('prepareModels: a worker does not start on a model that it cannot use', () => {
  it('says in one line what is wrong with a file of the user’s', async () => {
    const models = { ...DEFAULT_MODELS, faceDetector: await own(faceDetector, detector.subarray(0, 1000)) };
    const failed = prepareModels({ models, directory: MODELS });
    await expect(failed).rejects.toMatchObject({
      code: 'MODEL_INVALID',
      message: expect.stringMatching(/^The model own .*\(1000 bytes\)\.$/),
    });
  });

  it('takes a good one', async () => {
    const models = { ...DEFAULT_MODELS, faceDetector: await own(faceDetector, detector) };
    await expect(prepareModels({ models, directory: MODELS })).resolves.toBeUndefined();
  });

  it('refuses a file of Camfleet’s own choice that was changed', async () => {
    await writeFile(join(directory, 'fr_feature.onnx'), 'x');
    const failed = prepareModels({ models: DEFAULT_MODELS, directory });
    await expect(failed).rejects.toThrow(/faceplugin-feature .* expected SHA-256 87aacdfe/);
  });

  it('lets a worker without Camfleet’s own models show video', async () => {
    await rm(join(directory, 'fr_feature.onnx'), { force: true });
    await expect(prepareModels({ models: DEFAULT_MODELS, directory })).resolves.toBeUndefined();
  });
});
