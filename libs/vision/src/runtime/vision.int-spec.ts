import { mkdtemp, readFile, rm, writeFile, cp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cosine, enrolmentVerdict, type RgbImage } from '@camfleet/domain';
import { decodePhoto } from '@camfleet/testing';
import { faceRegion } from '../faces/face-region';
import { sampleRegion } from '../pictures/sample-region';
import { fetchModels } from '../models/fetch-models';
import { fetchNpmFiles } from '../models/fetch-files';
import { SAMPLE_PHOTOS } from '../models/sample-photos';
import { JobThread } from './job-thread';
import { describePicture } from './picture-faces';
import { startVision, type Vision } from './vision';

const MODELS = join(__dirname, '../../../../.models');
const PHOTOS = join(MODELS, 'photos');
/** Counted by eye: people whose face is turned to the camera. */
const FACES = [3, 3, 3, 4, 5, 4];

let vision: Vision;
const photos: RgbImage[] = [];

beforeAll(async () => {
  await fetchModels({ directory: MODELS });
  await fetchNpmFiles(SAMPLE_PHOTOS, { directory: PHOTOS });
  for (const number of [1, 2, 3, 4, 5, 6]) {
    photos.push(await decodePhoto(await readFile(join(PHOTOS, `sample${number}.jpg`))));
  }
  vision = await startVision({ modelsDirectory: MODELS });
}, 120_000);

afterAll(() => vision.close());

function photo(number: number): RgbImage {
  const picture = photos[number - 1];
  if (!picture) throw new Error(`There is no photo ${number}.`);
  return picture;
}

function resized(picture: RgbImage, width: number): RgbImage {
  const height = Math.round((picture.height * width) / picture.width);
  return sampleRegion(
    picture,
    { x: 0, y: 0, width: picture.width, height: picture.height },
    { width, height },
  );
}

describe('the real models on real photos', () => {
  it.each(FACES.map((count, index) => [index + 1, count]))(
    'finds the faces of photo %i: %i',
    async (number, count) => {
      expect(await vision.detectFaces(photo(number))).toHaveLength(count);
    },
  );

  it('finds nobody where nobody is', async () => {
    const wall = { width: 320, height: 180, data: new Uint8Array(320 * 180 * 3).fill(90) };
    expect(await vision.detectFaces(wall)).toEqual([]);
  });

  it('knows a face again in a smaller, darker picture, and no two people for one', async () => {
    for (const number of [3, 5]) {
      const faces = await describePicture(vision, photo(number));
      const small = resized(photo(number), 800);
      small.data.forEach((value, index) => (small.data[index] = value * 0.7));
      const again = await describePicture(vision, small);
      for (const face of faces) {
        const scores = again.map((other) => {
          const isSame = Math.hypot(other.box[0] - face.box[0], other.box[1] - face.box[1]) < 0.05;
          return { isSame, score: cosine(face.embedding ?? [], other.embedding ?? []) };
        });
        expect(scores.filter(({ isSame }) => isSame)).toHaveLength(1);
        for (const { isSame, score } of scores) {
          if (isSame) expect(score).toBeGreaterThan(0.6);
          else expect(score).toBeLessThan(0.4);
        }
      }
    }
  });

  it('rates a blurred and a small face below the same one sharp and large', async () => {
    const [best] = await describePicture(vision, photo(3));
    const [blurred] = await describePicture(vision, resized(resized(photo(3), 200), 960));
    const [small] = await describePicture(vision, resized(photo(3), 480));
    expect(best?.quality).toMatchObject({ cutOff: false });
    expect(blurred?.quality.sharpness).toBeLessThan(0.7 * (best?.quality.sharpness ?? 0));
    expect(small?.quality.score).toBeLessThan(0.8 * (best?.quality.score ?? 0));
  });

  it('rates a face in the dark, and one that is burnt out, below the same one in good light', async () => {
    const lit = (gain: number) => {
      const picture = resized(photo(3), 800);
      picture.data.forEach((value, index) => (picture.data[index] = Math.min(255, value * gain)));
      return picture;
    };
    const [good] = await describePicture(vision, lit(1));
    if (!good) throw new Error('no face');
    for (const gain of [0.15, 6]) {
      const picture = lit(gain);
      const region = faceRegion(good.box, picture);
      const pixels = sampleRegion(picture, region.rect, { width: region.side, height: region.side });
      const [bad] = await vision.describeFaces([{ region, pixels }]);
      expect(bad?.quality.exposure).toBeLessThan(0.5 * good.quality.exposure);
      expect(bad?.quality.score).toBeLessThan(0.8 * good.quality.score);
    }
  });

  it('lets no blurred, small or dark face stand for a person', async () => {
    const verdicts = async (picture: RgbImage) =>
      (await describePicture(vision, picture)).map(({ quality }) => enrolmentVerdict(quality));
    expect(await verdicts(photo(3))).toEqual(['ok', 'ok', 'ok']);
    expect(await verdicts(resized(resized(photo(3), 110), 960))).not.toContain('ok');
    expect(await verdicts(resized(photo(3), 200))).not.toContain('ok');
  });

  it('embeds only what is good enough', async () => {
    const picture = photo(3);
    const [face] = await vision.detectFaces(picture);
    if (!face) throw new Error('no face');
    const region = faceRegion(face.box, picture);
    const pixels = sampleRegion(picture, region.rect, { width: region.side, height: region.side });
    const [unasked, tooGood, asked] = await vision.describeFaces([
      { region, pixels },
      { region, pixels, embedFromScore: 0.99 },
      { region, pixels, embedFromScore: 0.1 },
    ]);
    expect(unasked?.embedding).toBeUndefined();
    expect(tooGood?.embedding).toBeUndefined();
    expect(asked?.embedding).toHaveLength(512);
    expect(asked?.quality).toEqual(unasked?.quality);
  });
});

describe('the inference thread', () => {
  it('answers calls that come together each with its own picture', async () => {
    const counts = await Promise.all([1, 2, 3, 4, 5, 6].map((number) => vision.detectFaces(photo(number))));
    expect(counts.map((faces) => faces.length)).toEqual(FACES);
    expect(vision.busy).toBe(false);
    expect(vision.timings.modelMs).toBeGreaterThan(0);
  });

  it('leaves the event loop free while it works', async () => {
    let turns = 0;
    const count = () => (turns += 1);
    const timer = setInterval(count, 1);
    for (let call = 0; call < 10; call += 1) await vision.detectFaces(photo(1));
    clearInterval(timer);
    expect(turns).toBeGreaterThan(10);
  });

  it('refuses a picture whose bytes do not fit its size, and goes on', async () => {
    const torn = { width: 320, height: 180, data: new Uint8Array(100) };
    await expect(vision.detectFaces(torn)).rejects.toMatchObject({ code: 'VISION_PICTURE_INVALID' });
    expect(await vision.detectFaces(photo(1))).toHaveLength(3);
  });

  it('says which model is missing or damaged', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'camfleet-'));
    try {
      await expect(startVision({ modelsDirectory: directory })).rejects.toMatchObject({
        code: 'MODEL_MISSING',
      });
      for (const file of ['fr_detect.onnx', 'fr_landmark.onnx', 'fr_feature.onnx'])
        await cp(join(MODELS, file), join(directory, file));
      await writeFile(join(directory, 'fr_landmark.onnx'), 'x');
      const failed = startVision({ modelsDirectory: directory });
      await expect(failed).rejects.toMatchObject({
        code: 'MODEL_INVALID',
        message: expect.stringMatching(/fr_landmark.*expected SHA-256 f10b0ba1.*, found/),
      });
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  it('rejects what runs when it crashes, and starts again with the next call', async () => {
    const started = jest.spyOn(JobThread, 'start');
    const own = await startVision({ modelsDirectory: MODELS });
    const running = own.detectFaces(photo(1));
    const failed = expect(running).rejects.toMatchObject({ code: 'VISION_THREAD_FAILED' });
    const thread = await started.mock.results[0]?.value;
    await thread?.end();
    await failed;
    expect(await own.detectFaces(photo(1))).toHaveLength(3);
    await own.close();
  });

  it('rejects what waits when it is closed', async () => {
    const own = await startVision({ modelsDirectory: MODELS });
    const calls = [own.detectFaces(photo(1)), own.detectFaces(photo(2))];
    const failed = Promise.all(
      calls.map((call) => expect(call).rejects.toMatchObject({ code: 'VISION_CLOSED' })),
    );
    await own.close();
    await failed;
    await expect(own.detectFaces(photo(1))).rejects.toMatchObject({ code: 'VISION_CLOSED' });
  });
});
