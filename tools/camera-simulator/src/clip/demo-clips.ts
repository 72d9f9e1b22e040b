import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { encodeClip } from './encode-clip';

/** A walk of the picture over one photo: from wall to wall past the people on it, nearer or farther away. */
interface Scene {
  photo: string;
  seconds: number;
  /** How much of the wall is in the picture: 2.4 shows the photo's own width, less shows more and makes people smaller. */
  zoom: readonly [from: number, to: number];
  direction: 'left' | 'right';
}

/** One file a camera, in the order of the wall. People come and go: each scene begins and ends
 * on the bare wall, and all of a clip pass in one direction, so that nobody enters where somebody has just left. */
const DEMO_CLIPS: Readonly<Record<string, readonly Scene[]>> = {
  '1-entrance': [
    { photo: 'sample3.jpg', seconds: 12, zoom: [2.56, 2.56], direction: 'right' },
    { photo: 'sample6.jpg', seconds: 12, zoom: [1.76, 2.24], direction: 'right' },
  ],
  '2-reception': [
    { photo: 'sample6.jpg', seconds: 13, zoom: [2.72, 2.72], direction: 'right' },
    { photo: 'sample1.jpg', seconds: 11, zoom: [2.08, 1.76], direction: 'right' },
  ],
  '3-corridor': [
    { photo: 'sample5.jpg', seconds: 12, zoom: [1.6, 1.6], direction: 'left' },
    { photo: 'sample3.jpg', seconds: 12, zoom: [1.92, 2.4], direction: 'left' },
  ],
  '4-car-park': [
    { photo: 'sample1.jpg', seconds: 12, zoom: [2.4, 2.88], direction: 'left' },
    { photo: 'sample5.jpg', seconds: 12, zoom: [2.08, 2.4], direction: 'left' },
  ],
};

const FPS = 15;
const SIZE = { width: 1280, height: 720 };
/** Each photo, cut to 16:9, hangs in the middle of a wall this many times as wide and as high. */
const WALLS = 2.4;
const PHOTO = { width: 1920, height: 1080 };
const WALL = '0x4a555e';
const QUALITY = 24;

/**
 * Makes the demo's clips from the photos, where they are not there yet. A file's name holds the hash of its recipe,
 * so that a changed recipe is made anew. Clips of other recipes are deleted. Answers the paths, in order.
 * The photos must lie in the working folder: the language of FFmpeg filters has no safe way to name others.
 */
export async function makeDemoClips(directory: string): Promise<string[]> {
  mkdirSync(directory, { recursive: true });
  const clips = Object.entries(DEMO_CLIPS).map(([name, scenes]) => {
    const filters = filtersOf(scenes);
    const hash = createHash('sha256').update(`${filters}/${QUALITY}`).digest('hex').slice(0, 8);
    return { path: join(directory, `${name}-${hash}.h264`), filters };
  });
  const wanted = new Set(clips.map(({ path }) => path));
  for (const name of readdirSync(directory))
    if (!wanted.has(join(directory, name))) rmSync(join(directory, name));
  // The encoders run on threads of their own: as many at a time as there are clips.
  await Promise.all(
    clips
      .filter(({ path }) => !existsSync(path))
      .map(({ path, filters }) =>
        encodeClip(path, { ...SIZE, filters, fps: FPS, keyframeEveryFrames: FPS, quality: QUALITY }),
      ),
  );
  return clips.map(({ path }) => path);
}

function filtersOf(scenes: readonly Scene[]): string {
  const chains = scenes.map((scene, index) => `${sceneFilters(scene)}[scene${index}]`);
  const inputs = scenes.map((_, index) => `[scene${index}]`).join('');
  return `${chains.join(';')};${inputs}concat=n=${scenes.length}:v=1:a=0`;
}

function sceneFilters({ photo, seconds, zoom: [from, to], direction }: Scene): string {
  const frames = seconds * FPS;
  const share = `on/${frames}`;
  const travel = direction === 'right' ? share : `(1-${share})`;
  return [
    `movie=${photo}`,
    'crop=iw:iw*9/16:0:0',
    `scale=${PHOTO.width}:${PHOTO.height}`,
    'format=yuv420p',
    'setsar=1',
    `pad=${PHOTO.width * WALLS}:${PHOTO.height * WALLS}:(ow-iw)/2:(oh-ih)/2:${WALL}`,
    `zoompan=z='${from}+(${to}-${from})*${share}':x='(iw-iw/zoom)*${travel}':y='(ih-ih/zoom)/2'` +
      `:d=${frames}:s=${SIZE.width}x${SIZE.height}:fps=${FPS}`,
  ].join(',');
}
