import { CamfleetError } from '@camfleet/domain';
import {
  ImageError,
  RecordedVideo,
  cropJpeg,
  decodeImage,
  inspectFile,
  parseSource,
  probeSource,
  resolveMediaFile,
} from '@camfleet/media';
import { type EmbedResult, type InspectResult, MAX_CROP_BYTES, type ProbeResult } from '@camfleet/protocol';
import type { Vision } from '@camfleet/vision';
import { FACE_SNAPSHOT_MARGIN } from '../pipeline';
import type { ChildCameras } from './child-cameras';
import type { ChildSettings, SnapshotAnswer, Task } from './ipc';
import { boxAsSent, uprightPhoto } from './upright-photo';

/** While streaming, a snapshot is not older. */
const SNAPSHOT_MAX_AGE_MS = 2_000;
/** Before the API gives up. */
const INSPECT_TIMEOUT_MS = 12_000;
/** Who asks what a file is decides whether it is too much. */
const NO_LIMITS = { maxDurationMs: Infinity, maxFps: Infinity };

/** Head and shoulders, as on the snapshots of events. */
const CROP = { margin: FACE_SNAPSHOT_MARGIN, maxSide: 480 } as const;

export interface TaskTools {
  cameras: ChildCameras;
  settings: ChildSettings;
  /** None where there are no models. */
  vision: Vision | undefined;
}

/** @throws SourceError, CamfleetError */
export async function runTask(task: Task, tools: TaskTools): Promise<unknown> {
  switch (task.kind) {
    case 'snapshot':
      return snapshot(task.cameraId, tools.cameras);
    case 'probe':
      return probe(task.source, tools.settings);
    case 'inspect':
      return inspect(task.url, tools.settings);
    case 'embed':
      return embed(task.image, tools.vision);
  }
}

async function snapshot(cameraId: string, cameras: ChildCameras): Promise<SnapshotAnswer> {
  const still = await cameras.get(cameraId)?.snapshot(SNAPSHOT_MAX_AGE_MS);
  if (!still) throw new CamfleetError('SNAPSHOT_NOT_FOUND', 'This camera has not shown a picture yet.');
  return { jpeg: still.jpeg, timestampMs: still.captureTimeMs };
}

async function probe(
  settings: Extract<Task, { kind: 'probe' }>['source'],
  { mediaDirectory }: ChildSettings,
): Promise<ProbeResult> {
  const { snapshot: jpeg, fps, ...found } = await probeSource({ settings, mediaDirectory });
  return { ...found, fps: fps || null, snapshot: `data:image/jpeg;base64,${jpeg.toString('base64')}` };
}

async function inspect(url: string, { mediaDirectory }: ChildSettings): Promise<InspectResult> {
  const source = parseSource({ url });
  if (source.scheme === 'http' || source.scheme === 'https') return inspectRecording(url);
  if (source.scheme !== 'file')
    throw new CamfleetError(
      'VALIDATION_FAILED',
      'Files of the media folder and behind http(s) are inspected.',
    );
  const { container, codec, width, height, fps, durationMs, hasAudio } = await inspectFile({
    path: await resolveMediaFile(source.path, mediaDirectory),
  });
  return {
    container,
    codec,
    width,
    height,
    fps: fps || null,
    durationMs: durationMs || null,
    hasAudio,
  };
}

/** Reads what it needs of the file, by ranges. */
async function inspectRecording(url: string): Promise<InspectResult> {
  const signal = AbortSignal.timeout(INSPECT_TIMEOUT_MS);
  try {
    await using video = await RecordedVideo.open({
      url,
      sampling: { kind: 'fps', fps: 1 },
      signal,
      limits: NO_LIMITS,
    });
    const { fps, durationMs, ...info } = video.info;
    return { ...info, fps: fps || null, durationMs: durationMs || null };
  } catch (error) {
    if (signal.aborted) throw new CamfleetError('SOURCE_TIMEOUT', 'The file takes too long to read.');
    throw error;
  }
}

async function embed(image: Uint8Array, vision: Vision | undefined): Promise<EmbedResult> {
  if (!vision) throw new CamfleetError('NO_WORKER_AVAILABLE', 'This worker has no models.');
  const photo = await decodeImage(Buffer.from(image)).catch((error: unknown) => {
    throw error instanceof ImageError ? pictureRefused(error) : error;
  });
  const { picture, turn, faces } = await uprightPhoto(vision, photo);
  const found: EmbedResult['faces'] = [];
  for (const { box, score, quality, embedding } of faces) {
    if (!embedding) continue;
    const crop = await cropJpeg(picture, box, CROP);
    found.push({
      box: boxAsSent(box, turn),
      score,
      quality: { ...quality },
      embedding: { ...vision.embedder, vector: Array.from(embedding) },
      ...(crop.length <= MAX_CROP_BYTES && { crop: crop.toString('base64') }),
    });
  }
  return { width: photo.width, height: photo.height, faces: found };
}

const IMAGE_CODES = {
  IMAGE_UNSUPPORTED: 'UNSUPPORTED_MEDIA_TYPE',
  IMAGE_TOO_LARGE: 'BODY_TOO_LARGE',
  IMAGE_BROKEN: 'VALIDATION_FAILED',
} as const;

function pictureRefused(error: ImageError): CamfleetError {
  return new CamfleetError(IMAGE_CODES[error.code], error.message, { cause: error });
}
