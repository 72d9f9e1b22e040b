import { createHash } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { encodeClip } from '@camfleet/camera-simulator';
import { SAMPLE_PHOTOS, fetchNpmFiles } from '@camfleet/vision';
import { escaped } from './filter-text';

export interface ClipSpec {
  width: number;
  height: number;
  fps: number;
  /** Seconds from keyframe to keyframe. */
  keyframeSeconds: number;
  face: FaceInClip;
}

/**
 * `passing`: there for 4 of 12 seconds: who is back within 5 s is on the same visit. `hidden`: the same, but for two
 * seconds in the middle nothing is seen of them. `none`: a wall of bricks.
 */
export type FaceInClip = 'always' | 'passing' | 'hidden' | 'none';

/** How long the made clip of each kind takes: with whole swings or passes, so that the loop has no seam. */
export const CLIP_SECONDS: Readonly<Record<FaceInClip, number>> = {
  always: 8,
  passing: 12,
  hidden: 18,
  none: 8,
};

/** Where the face is at `t`, from the left; `W`: nowhere. */
const ACROSS: Readonly<Record<FaceInClip, string>> = {
  always: 'W*(0.38+0.2*sin(2*PI*t/8))',
  passing: 'if(lt(t,4),W*(0.2+0.1*t),W)',
  hidden: 'if(lt(t,3.5)+between(t,5.5,9),W*(0.1+0.06*t),W)',
  none: 'W',
};

/** When a recording's picture is covered, so that nobody is seen; none: never. */
const COVERED: Readonly<Partial<Record<FaceInClip, string>>> = {
  passing: `gte(mod(t,${CLIP_SECONDS.passing}),4)`,
  hidden: `between(t,3.5,5.5)+gte(t,9)`,
};

export const FULL_HD: ClipSpec = { width: 1920, height: 1080, fps: 25, keyframeSeconds: 1, face: 'always' };
export const HD: ClipSpec = { width: 1280, height: 720, fps: 15, keyframeSeconds: 1, face: 'always' };
export const SMALL_SLOW: ClipSpec = { width: 640, height: 360, fps: 10, keyframeSeconds: 1, face: 'always' };
export const SMALL: ClipSpec = { width: 640, height: 360, fps: 15, keyframeSeconds: 1, face: 'always' };

/** Where the first photo shows one face alone, looking at the camera. */
const FACE = 'crop=440:440:300:180';
/** Gives 1080p25 about 4 Mbit/s with the noise below, as cameras have it. */
const QUALITY = 25;
const SENSOR_NOISE = 'noise=alls=9:allf=t';

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
    const isMade = recording === undefined || spec.face === 'none';
    const filters = isMade ? await this.madeUp(spec) : ofRecording(resolve(recording), spec);
    const hash = createHash('sha256').update(`${filters}/${spec.keyframeSeconds}/${QUALITY}`).digest('hex');
    const path = join(directory, `${spec.width}x${spec.height}@${spec.fps}-${hash.slice(0, 12)}.h264`);
    if (existsSync(path)) return path;
    const { width, height, fps } = spec;
    const keyframeEveryFrames = fps * spec.keyframeSeconds;
    await encodeClip(path, { filters, width, height, fps, keyframeEveryFrames, quality: QUALITY });
    return path;
  }

  private async madeUp({ width, height, fps, face }: ClipSpec): Promise<string> {
    const colour = `color=0x7a8288:size=${width}x${height}:rate=${fps}:duration=${CLIP_SECONDS[face]}`;
    if (face === 'none') return `${colour},drawgrid=w=80:h=36:t=3:c=0x5a5f63,${SENSOR_NOISE}`;
    const photos = join(this.options.modelsDirectory, 'photos');
    await fetchNpmFiles(SAMPLE_PHOTOS, { directory: photos });
    const side = Math.round(height * 0.5);
    const source = (filters: string) => `${filters},format=yuv420p`;
    return [
      source(`movie=${escaped(join(photos, 'sample1.jpg'))},${FACE},scale=${side}:${side}`) + '[face]',
      `${colour}[wall]`,
      `[wall][face]overlay=x='${ACROSS[face]}':y='H*(0.25+0.05*sin(4*PI*t/8))':eval=frame,${SENSOR_NOISE}`,
    ].join(';');
  }
}

/** As long as it lasts, cut to the shape; where a face passes it is grey in between. */
function ofRecording(path: string, { width, height, fps, face }: ClipSpec): string {
  const cover = COVERED[face];
  return [
    `movie=${escaped(path)}`,
    `trim=duration=${face === 'hidden' ? CLIP_SECONDS.hidden : 24}`,
    `fps=${fps}`,
    `scale=${width}:${height}:force_original_aspect_ratio=increase`,
    `crop=${width}:${height}`,
    'setsar=1',
    ...(cover ? [`drawbox=color=gray:t=fill:enable='${cover}'`] : []),
  ].join(',');
}
