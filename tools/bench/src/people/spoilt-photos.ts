import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeImage } from '@camfleet/media';
import { describePicture, type Vision } from '@camfleet/vision';
import { escaped } from '../clips/filter-text';
import { drawPhoto } from './made-photo';

/** A picture of one face alone, as a file. */
export interface Portrait {
  path: string;
  width: number;
  height: number;
  /** Of the face, pixels. */
  facePx: number;
}

export interface SpoiltPhoto {
  kind: 'blurred' | 'small' | 'small, enlarged';
  /** How it was spoilt, in words. */
  how: string;
  photo: Buffer;
}

/** Gaussian, its sigma by the face's height: about 14, 8 and 5 rows of detail are left. */
const BLURS = [0.03, 0.05, 0.08];
const SMALL_PX = [20, 30, 40];
/** So many pixels of face, made large again. */
const ENLARGED_PX = 30;
/** A second photo of somebody: from the other side, in other light. */
const OTHER_LIGHT = 'hflip,lutyuv=y=gammaval(0.8)';

/** Reads a picture with one face in it. */
export async function portrait(
  photo: Buffer,
  { vision, scratch, name }: { vision: Vision; scratch: string; name: string },
): Promise<Portrait> {
  const path = join(scratch, `${name}.jpg`);
  await writeFile(path, photo);
  const picture = await decodeImage(photo);
  const [face] = await describePicture(vision, picture);
  if (!face) throw new Error('A portrait shows no face.');
  return { path, width: picture.width, height: picture.height, facePx: face.quality.heightPx };
}

export function blurred({ path, facePx }: Portrait): Promise<SpoiltPhoto>[] {
  return BLURS.map(async (share): Promise<SpoiltPhoto> => ({
    kind: 'blurred',
    how: `a sigma of ${share * 100} % of the face`,
    photo: await drawPhoto(`${source(path)},gblur=sigma=${share * facePx}:steps=3`),
  }));
}

export function small({ path, width, height, facePx }: Portrait): Promise<SpoiltPhoto>[] {
  const scaledTo = (px: number) =>
    `scale=${even((width * px) / facePx)}:${even((height * px) / facePx)}:flags=area`;
  const plain = SMALL_PX.map(async (px): Promise<SpoiltPhoto> => ({
    kind: 'small',
    how: `${px} px`,
    photo: await drawPhoto(`${source(path)},${scaledTo(px)}`),
  }));
  const back = `scale=${even(width)}:${even(height)}:flags=bicubic`;
  const enlarged = async (): Promise<SpoiltPhoto> => ({
    kind: 'small, enlarged',
    how: `${ENLARGED_PX} px`,
    photo: await drawPhoto(`${source(path)},${scaledTo(ENLARGED_PX)},${back}`),
  });
  return [...plain, enlarged()];
}

/** Two faces side by side. */
export function double(one: Portrait, other: Portrait): Promise<Buffer> {
  const height = even(Math.max(one.height, other.height));
  const [left, right] = [one, other].map(({ path }) => `${source(path)},scale=-2:${height},setsar=1`);
  return drawPhoto(`${left}[left];${right}[right];[left][right]hstack`);
}

/** The same face as on another photo. */
export function inOtherLight({ path }: Portrait): Promise<Buffer> {
  return drawPhoto(`${source(path)},${OTHER_LIGHT}`);
}

/** The same photo lying on its side, or standing on its head, and not saying so. */
export function turned({ path }: Portrait): Promise<Buffer>[] {
  return ['transpose=clock', 'hflip,vflip', 'transpose=cclock'].map((turn) =>
    drawPhoto(`${source(path)},${OTHER_LIGHT},${turn}`),
  );
}

/** Colour as fine as brightness, so that no filter loses any. */
const source = (path: string) => `movie=${escaped(path)},format=yuvj444p`;
const even = (value: number) => Math.max(2, 2 * Math.round(value / 2));
