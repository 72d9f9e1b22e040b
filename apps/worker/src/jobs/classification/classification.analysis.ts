import { SourceError } from '@camfleet/domain';
import { decodeImage } from '@camfleet/media';
import type { ClassificationResult } from '@camfleet/protocol';
import { Classifiers, type VariantClassification } from '@camfleet/vision';
import type { Analysis, AnalysisResult, AnalysisTask, AnalysisTools } from '../analysis';

/** A snapshot has some hundred KiB. */
const MAX_BYTES = 8 * 1024 * 1024;
const SIDE = 640;
/** Start of image, and of the first marker. */
const JPEG_START = Buffer.of(0xff, 0xd8, 0xff);

/** `classification`: what the classifiers say of one snapshot. The job's «video» is the snapshot. */
export function classificationAnalysis({ classifiers, modelsDirectory }: AnalysisTools): Analysis {
  // Kept for the next snapshot: loading takes longer than looking. A file that failed is tried again.
  let loading: Promise<Classifiers> | undefined;
  const load = () => {
    loading ??= Classifiers.load(classifiers, modelsDirectory).catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
  return { type: 'classification', run: async (task) => run(await load(), task) };
}

async function run(classifiers: Classifiers, { video, signal }: AnalysisTask): Promise<AnalysisResult> {
  const picture = await decodeSnapshot(await fetchSnapshot(video.url, signal));
  const variants = await classifiers.classify(picture);
  const rawResponse: ClassificationResult = { variants: variants.map(toRaw) };
  // One name for all of them together: another classifier, or another file of one, is another result.
  const name = variants.map(({ variant, classifier }) => `${variant}=${classifier.name}`).join(',');
  const version = variants.map(({ classifier }) => classifier.sha256.slice(0, 12)).join(',');
  return { rawResponse, model: name.slice(0, 200), version: version.slice(0, 100), metadata: {} };
}

async function fetchSnapshot(url: string, signal: AbortSignal): Promise<Buffer> {
  const answer = await fetch(url, { signal }).catch((cause: unknown) => {
    signal.throwIfAborted();
    throw new SourceError('SOURCE_UNREACHABLE', 'The snapshot cannot be fetched.', { cause });
  });
  if (answer.status === 404) throw new SourceError('SOURCE_NOT_FOUND', 'The snapshot is not there.');
  if (!answer.ok) throw new SourceError('SOURCE_UNREACHABLE', `The snapshot was answered ${answer.status}.`);
  if (Number(answer.headers.get('content-length')) > MAX_BYTES) throw notASnapshot('a larger file');
  return Buffer.from(await answer.arrayBuffer());
}

async function decodeSnapshot(bytes: Buffer) {
  if (!bytes.subarray(0, 3).equals(JPEG_START)) throw notASnapshot('something else');
  const picture = await decodeImage(bytes).catch((cause: unknown) => {
    throw notASnapshot('a broken one', cause);
  });
  const { width, height } = picture;
  if (width !== SIDE || height !== SIDE) throw notASnapshot(`${width} x ${height}`);
  return picture;
}

const notASnapshot = (found: string, cause?: unknown) =>
  new SourceError('SOURCE_INVALID', `A snapshot must be a JPEG of ${SIDE} x ${SIDE}, not ${found}.`, {
    cause,
  });

function toRaw({ latencyMs, ...said }: VariantClassification): ClassificationResult['variants'][number] {
  return { ...said, latency_ms: Math.round(latencyMs * 100) / 100 };
}
