import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cosine, type RgbImage } from '@camfleet/domain';
import { cropJpeg, decodeImage } from '@camfleet/media';
import {
  describePicture,
  fetchNpmFiles,
  type PictureFace,
  SAMPLE_PHOTOS,
  startVision,
  type Vision,
} from '@camfleet/vision';

/** Somebody's head and shoulders, alone in each picture. */
export interface Portraits {
  person: string;
  /** JPEGs, one at least. */
  photos: Buffer[];
}

/** A smaller face says little when it is spoilt further. */
const MIN_HEIGHT_PX = 80;
/** Of the faces' box: tight ones where somebody stands close by. */
const MARGINS = [2.2, 1.8, 1.5];
const MAX_SIDE = 800;
/** Under this cosine two faces are two people's; the highest of 4,500 strangers' pairs was 0.385. */
const OTHER_PERSON = 0.3;
const isPhoto = (name: string) => /\.(jpe?g|png|webp)$/i.test(name);

/** The people on the sample photos whose faces are large, each once. */
export async function samplePortraits(modelsDirectory: string): Promise<Portraits[]> {
  const directory = join(modelsDirectory, 'photos');
  await fetchNpmFiles(SAMPLE_PHOTOS, { directory });
  await using vision = await startVision({ modelsDirectory });
  const known: PictureFace[] = [];
  const portraits: Portraits[] = [];
  for (const { path } of SAMPLE_PHOTOS.files) {
    const picture = await decodeImage(await readFile(join(directory, path.replace(/.*\//, ''))));
    for (const face of await describePicture(vision, picture)) {
      if (known.some((other) => isLike(face, other))) continue;
      const photo = await cutOut(vision, picture, face);
      if (!photo) continue;
      known.push(face);
      portraits.push({ person: `Person ${known.length}`, photos: [photo] });
    }
  }
  return portraits;
}

/** Of a folder with a folder of photos for each person: the largest face of each photo. */
export async function portraitsOf(
  directory: string,
  { modelsDirectory, most }: { modelsDirectory: string; most: { people: number; photos: number } },
): Promise<Portraits[]> {
  await using vision = await startVision({ modelsDirectory });
  const folders = (await readdir(directory, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const portraits: Portraits[] = [];
  for (const { name: person } of folders.slice(0, most.people)) {
    const names = (await readdir(join(directory, person))).filter(isPhoto).sort();
    const photos: Buffer[] = [];
    for (const name of names) {
      if (photos.length === most.photos) break;
      const picture = await decodeImage(await readFile(join(directory, person, name)));
      const faces = await describePicture(vision, picture);
      const [face] = faces.sort((a, b) => b.quality.heightPx - a.quality.heightPx);
      const photo = face && (await cutOut(vision, picture, face));
      if (photo) photos.push(photo);
    }
    if (photos.length > 0) portraits.push({ person, photos });
  }
  return portraits;
}

function isLike({ embedding: one }: PictureFace, { embedding: other }: PictureFace): boolean {
  return one !== undefined && other !== undefined && cosine(one, other) >= OTHER_PERSON;
}

/** Undefined where the face is small, cut off, or cannot be had without others. */
async function cutOut(vision: Vision, picture: RgbImage, face: PictureFace): Promise<Buffer | undefined> {
  if (face.quality.heightPx < MIN_HEIGHT_PX || face.quality.cutOff) return undefined;
  for (const margin of MARGINS) {
    const photo = await cropJpeg(picture, face.box, { margin, maxSide: MAX_SIDE });
    if ((await vision.detectFaces(await decodeImage(photo))).length === 1) return photo;
  }
  return undefined;
}
