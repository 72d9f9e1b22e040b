import { faceRegion } from '../faces/face-region';
import { DEFAULT_MODELS } from '../models/catalogue';
import { PictureInput } from '../models/picture-input';
import { fitInput, placePicture } from './letterbox';
import { sampleRegion } from './sample-region';

const { input } = DEFAULT_MODELS.faceDetector;
const PLANE = 320 * 240;

function plain(width: number, height: number, colour: readonly number[]) {
  const data = new Uint8Array(width * height * 3);
  for (let index = 0; index < width * height; index += 1) data.set(colour, index * 3);
  return { data, width, height };
}

describe('letterbox: a stretched or shifted picture gives boxes beside the faces', () => {
  it.each([
    [
      { width: 1920, height: 1080 },
      { width: 320, height: 180 },
    ],
    [
      { width: 640, height: 480 },
      { width: 320, height: 240 },
    ],
    [
      { width: 360, height: 640 },
      { width: 135, height: 240 },
    ],
    [
      { width: 32, height: 18 },
      { width: 320, height: 180 },
    ],
    [
      { width: 5000, height: 2 },
      { width: 320, height: 1 },
    ],
  ])('fits %p into %p', (frame, size) => expect(fitInput(frame, input)).toEqual(size));

  it('fills planes R, G, B of (x - 127) / 128 and leaves grey below', () => {
    const tensor = new Float32Array(3 * PLANE).fill(9);
    expect(placePicture(plain(320, 180, [255, 127, 0]), input, tensor)).toEqual({ width: 320, height: 180 });
    expect([tensor[0], tensor[PLANE], tensor[2 * PLANE]]).toEqual([1, 0, -127 / 128]);
    expect([tensor[179 * 320 + 319], tensor[180 * 320]]).toEqual([1, 0]);
  });

  it('scales a picture of any other size', () => {
    const tensor = new Float32Array(3 * PLANE);
    expect(placePicture(plain(1280, 720, [255, 0, 0]), input, tensor)).toEqual({ width: 320, height: 180 });
    expect([tensor[179 * 320 + 319], tensor[180 * 320]]).toEqual([1, 0]);
  });
});

describe('placePicture: what a model was taught with is data', () => {
  const layouts = { name: 'x', width: 2, height: 2, mean: [1, 2, 3], scale: [1, 10, 100] } as const;
  const picture = plain(2, 1, [4, 5, 6]);

  it('puts pixels side by side in B, G, R, each channel with its own mean and scale', () => {
    const tensor = new Float32Array(12);
    const bgr = PictureInput.parse({ ...layouts, channels: 'BGR', layout: 'NHWC', pad: 3 });
    expect(placePicture(picture, bgr, tensor)).toEqual({ width: 2, height: 1 });
    expect([...tensor]).toEqual([5, 30, 100, 5, 30, 100, 2, 10, 0, 2, 10, 0]);
  });

  it('stretches where the model wants it', () => {
    const tensor = new Float32Array(12);
    const stretched = PictureInput.parse({ ...layouts, channels: 'RGB', fit: 'stretch' });
    expect(placePicture(plain(2, 4, [4, 5, 6]), stretched, tensor)).toEqual({ width: 2, height: 2 });
    expect([...tensor]).toEqual([3, 3, 3, 3, 30, 30, 30, 30, 300, 300, 300, 300]);
  });
});

describe('sampleRegion', () => {
  const image = {
    width: 4,
    height: 2,
    data: Uint8Array.from([0, 10, 20, 30, 40, 50, 60, 70].flatMap((v) => [v, v, v])),
  };
  const reds = ({ data }: { data: Uint8Array }) => [...data].filter((_, index) => index % 3 === 0);

  it('means over the pixels that one covers', () => {
    const whole = { x: 0, y: 0, width: 4, height: 2 };
    expect(reds(sampleRegion(image, whole, { width: 2, height: 1 }))).toEqual([25, 45]);
  });

  it('interpolates where it grows', () => {
    const upper = { x: 0, y: 0, width: 2, height: 1 };
    expect(reds(sampleRegion(image, upper, { width: 4, height: 1 })).slice(1, 3)).toEqual([3, 8]);
  });

  it('is black beyond the picture', () => {
    expect(reds(sampleRegion(image, { x: 3, y: 0, width: 2, height: 1 }, { width: 2, height: 1 }))).toEqual([
      30, 0,
    ]);
  });
});

describe('faceRegion', () => {
  it('cuts an even square around the face and says where the face lies in it', () => {
    const region = faceRegion([0.25, 0.25, 0.1, 0.2], { width: 1000, height: 500 });
    expect(region.rect).toEqual({ x: 210, y: 86, width: 180, height: 180 });
    expect(region).toMatchObject({ side: 192, heightPx: 100, cutOff: false });
    const { x, y, width, height } = region.face;
    [(40 * 192) / 180, (39 * 192) / 180, (100 * 192) / 180, (100 * 192) / 180].forEach((value, index) =>
      expect([x, y, width, height][index]).toBeCloseTo(value, 6),
    );
  });

  it('tells a face at the edge', () => {
    expect(faceRegion([0.9, 0.4, 0.1, 0.1], { width: 640, height: 360 }).cutOff).toBe(true);
  });

  it('does not take half a face for a whole one because its box ends some pixels inside', () => {
    const frame = { width: 1280, height: 720 };
    expect(faceRegion([0.004, 0.155, 0.06, 0.168], frame).cutOff).toBe(true);
    expect(faceRegion([0.905, 0.251, 0.087, 0.168], frame).cutOff).toBe(false);
  });
});
