import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cosine, intersectionOverUnion, type RgbImage } from '@camfleet/domain';
import { cropJpeg, decodeImage, rotateRgb } from '@camfleet/media';
import {
  describePicture,
  fetchModels,
  fetchNpmFiles,
  type PictureFace,
  SAMPLE_PHOTOS,
  startVision,
  type Vision,
} from '@camfleet/vision';
import { boxAsSent, uprightPhoto } from './upright-photo';

const MODELS = join(__dirname, '../../../../.models');
const PHOTOS = join(MODELS, 'photos');
/** Under this cosine a vector says nothing of the face that it was made of. */
const SAME_FACE = 0.5;

let vision: Vision;
/** Somebody's face on one of the sample photos, and the photo. */
const known: { photo: RgbImage; faces: PictureFace[] }[] = [];

beforeAll(async () => {
  await fetchModels({ directory: MODELS });
  await fetchNpmFiles(SAMPLE_PHOTOS, { directory: PHOTOS });
  vision = await startVision({ modelsDirectory: MODELS });
  for (const { path } of SAMPLE_PHOTOS.files) {
    const photo = await decodeImage(await readFile(join(PHOTOS, path.replace(/.*\//, ''))));
    known.push({ photo, faces: await describePicture(vision, photo) });
  }
}, 120_000);

afterAll(() => vision.close());

/** Head and shoulders alone, as people are enrolled. */
async function portrait(photo: RgbImage, { box }: PictureFace): Promise<RgbImage> {
  return decodeImage(await cropJpeg(photo, box, { margin: 1.8, maxSide: 800 }));
}

describe.each([90, 180, 270] as const)('a photo turned by %i° that does not say so (no EXIF)', (turned) => {
  it('is enrolled as the same person standing upright is: another vector would poison the library', async () => {
    const scores: number[] = [];
    for (const { photo, faces } of known) {
      for (const face of faces.filter(({ quality }) => quality.heightPx >= 80 && !quality.cutOff)) {
        const alone = await portrait(photo, face);
        const [upright, other] = await describePicture(vision, alone);
        if (other) continue;
        const { faces: found } = await uprightPhoto(vision, rotateRgb(alone, turned));
        for (const { embedding } of found.slice(0, 1))
          scores.push(cosine(embedding ?? [], upright?.embedding ?? []));
      }
    }
    expect(scores.length).toBeGreaterThan(12);
    expect(Math.min(...scores)).toBeGreaterThan(SAME_FACE);
  });

  it('has its boxes where the faces lie on the photo as it was sent', async () => {
    const { photo, faces } = known[2] ?? { photo: undefined, faces: [] };
    if (!photo) throw new Error('no photo');
    const sent = rotateRgb(photo, turned);
    const { turn, faces: found } = await uprightPhoto(vision, sent);
    expect(turn).toBe(360 - turned);
    expect(found).toHaveLength(faces.length);
    const back = rotateRgb(sent, turn);
    expect(back.data.every((value, index) => value === photo.data[index])).toBe(true);
    for (const { box } of found) {
      const onSent = boxAsSent(box, turn);
      const upright = boxAsSent(onSent, turned);
      expect(Math.max(...faces.map((face) => intersectionOverUnion(face.box, upright)))).toBeGreaterThan(0.9);
    }
  });
});

it('looks once at a clear photo that is upright: enrolment costs what it did', async () => {
  for (const { photo, faces } of known) {
    const before = vision.timings.jobs;
    const found = await uprightPhoto(vision, photo);
    expect(vision.timings.jobs - before).toBe(2);
    expect(found).toEqual({ picture: photo, turn: 0, faces });
  }
});

it('finds nobody where nobody is, whichever way it is turned', async () => {
  const wall = { width: 320, height: 180, data: new Uint8Array(320 * 180 * 3).fill(90) };
  expect(await uprightPhoto(vision, wall)).toMatchObject({ turn: 0, faces: [] });
});
