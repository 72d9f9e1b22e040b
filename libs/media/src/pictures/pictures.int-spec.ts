import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RgbImage } from '@camfleet/domain';
import { makeClip } from '@camfleet/testing';
import { VideoDecoder } from '../decoding/video-decoder';
import type { VideoFrame } from '../decoding/video-frame';
import { inspectFile } from '../probing/inspect-file';
import { probeSource } from '../probing/probe-source';
import { openSource } from '../sources/open-source';
import { decodeImage } from './decode-image';
import { drawBoxes } from './draw';
import { JpegEncoder } from './jpeg-encoder';
import { PictureScaler } from './picture-scaler';
import { fitWidth } from './picture-size';
import { paintSlate } from './slate';

let directory: string;
const at = (name: string) => join(directory, name);

/** Left half red, right half blue, so that what is cut and turned can be told. */
const HALVES = ['-vf', 'drawbox=c=red:t=fill,drawbox=x=iw/2:c=blue:t=fill'];

/** The same MP4, to be shown turned clockwise by 90 degrees: the matrix of its track header (ISO 14496-12, 8.3.2). */
function turned(mp4: Buffer): Buffer {
  const matrix = mp4.indexOf('tkhd') + 44;
  [0, 0x10000, 0, -0x10000, 0].forEach((value, index) => mp4.writeInt32BE(value, matrix + 4 * index));
  return mp4;
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'camfleet-pictures-'));
  await makeClip({ path: at('halves.mp4'), output: [...HALVES, '-c:v', 'libx264'] });
  await writeFile(at('turned.mp4'), turned(await readFile(at('halves.mp4'))));
  await makeClip({ path: at('wide.mp4'), size: '160x180', output: ['-c:v', 'libx264', '-vf', 'setsar=2'] });
  await makeClip({
    path: at('odd.mkv'),

    output: ['-c:v', 'libx264', '-pix_fmt', 'yuv444p', '-vf', 'format=yuv444p,scale=319:179,setsar=1'],
  });
  await makeClip({
    path: at('ten.mp4'),
    output: ['-c:v', 'libx265', '-pix_fmt', 'yuv420p10le', '-x265-params', 'log-level=none'],
  });
  for (const kind of ['jpg', 'png', 'webp']) {
    await makeClip({ path: at(`halves.${kind}`), fps: 1, output: [...HALVES, '-frames:v', '1'] });
    const noise = ['-vf', 'noise=alls=60', '-frames:v', '1'];
    await makeClip({ path: at(`noisy.${kind}`), fps: 1, output: noise });
  }
}, 60_000);

afterAll(() => rm(directory, { recursive: true }));

async function withFirstFrame<Result>(
  name: string,
  use: (frame: VideoFrame) => Promise<Result>,
): Promise<Result> {
  const source = await openSource({ settings: { url: `file:${name}` }, mediaDirectory: directory });
  const decoder = await VideoDecoder.open(source.video, { hardware: 'auto' });
  try {
    for (;;) {
      const packet = await source.read();
      const [frame, ...rest] = packet ? await decoder.decode(packet) : await decoder.drain();
      packet?.release();
      rest.forEach((other) => other.release());
      if (frame) return await use(frame).finally(() => frame.release());
      if (!packet) throw new Error('the clip has no picture');
    }
  } finally {
    await decoder.close();
    await source.close();
  }
}

function colourAt({ data, width }: RgbImage, x: number, y: number): 'red' | 'blue' | 'black' | 'other' {
  const [r = 0, g = 0, b = 0] = data.subarray((y * width + x) * 3);
  if (r > 180 && g < 80 && b < 80) return 'red';
  if (b > 180 && r < 80 && g < 80) return 'blue';
  return r + g + b < 30 ? 'black' : 'other';
}

describe('PictureScaler', () => {
  it.each([
    ['halves.mp4', { width: 320, height: 180 }],
    ['turned.mp4', { width: 180, height: 320 }],
    ['wide.mp4', { width: 320, height: 180 }],
    ['odd.mkv', { width: 320, height: 180 }],
    ['ten.mp4', { width: 320, height: 180 }],
  ])('makes of %s an upright JPEG with square pixels and even sides', async (name, size) => {
    const jpeg = await withFirstFrame(name, async (frame) => {
      using picture = await new PictureScaler().toYuv(frame, fitWidth(frame.display, 640));
      return await new JpegEncoder().encode(picture);
    });
    const { width, height } = await decodeImage(jpeg);
    expect({ width, height }).toEqual(size);
  });

  it('keeps colours through scaling, JPEG and RGB', async () => {
    const images = await withFirstFrame('halves.mp4', async (frame) => {
      const scaler = new PictureScaler();
      using picture = await scaler.toYuv(frame, fitWidth(frame.display, 160));
      return [
        scaler.toRgb(picture, { width: 160, height: 90 }),
        await decodeImage(await new JpegEncoder().encode(picture)),
      ];
    });
    for (const image of images)
      expect([colourAt(image, 20, 45), colourAt(image, 140, 45)]).toEqual(['red', 'blue']);
  });

  it('cuts the region that was asked for, black where there is no picture', async () => {
    const [inside, beyond] = await withFirstFrame('halves.mp4', async (frame) => {
      const scaler = new PictureScaler();
      return [
        await scaler.cutRegion(frame, { x: 110, y: 40, width: 100, height: 100 }, { width: 64, height: 64 }),
        await scaler.cutRegion(frame, { x: -50, y: -50, width: 100, height: 100 }, { width: 64, height: 64 }),
      ] as const;
    });
    expect([colourAt(inside, 5, 32), colourAt(inside, 58, 32)]).toEqual(['red', 'blue']);
    expect([colourAt(beyond, 5, 5), colourAt(beyond, 58, 58)]).toEqual(['black', 'red']);
  });

  it('cuts from a turned picture where the viewer sees it', async () => {
    const cuts = await withFirstFrame('turned.mp4', async (frame) => {
      const scaler = new PictureScaler();
      using picture = await scaler.toYuv(frame, fitWidth(frame.display, 0));
      const whole = scaler.toRgb(picture, picture.size);
      const top = await scaler.cutRegion(
        frame,
        { x: 40, y: 20, width: 80, height: 80 },
        { width: 40, height: 40 },
      );
      return { whole: colourAt(whole, 80, 60), top: colourAt(top, 20, 20) };
    });
    expect(cuts.top).toBe(cuts.whole);
  });

  it('draws boxes and slates that stay inside of the picture', async () => {
    using picture = paintSlate({
      size: { width: 320, height: 180 },
      lines: ['Reconnecting…', 'last picture 12:03:04 UTC'],
    });
    drawBoxes(picture, [
      { box: [0.5, 0.5, 2, 2], label: 'Zoë' },
      { box: [-1, -1, 0.5, 0.5], label: 'x'.repeat(500) },
    ]);
    const image = await decodeImage(await new JpegEncoder().encode(picture));
    expect([image.width, image.height]).toEqual([320, 180]);
  });
});

describe('decodeImage', () => {
  it.each(['jpg', 'png', 'webp'])('reads a %s', async (kind) => {
    const image = await decodeImage(await readFile(at(`halves.${kind}`)));
    expect([colourAt(image, 40, 90), colourAt(image, 280, 90)]).toEqual(['red', 'blue']);
  });

  it('turns a photo upright by its EXIF orientation', async () => {
    const jpeg = await readFile(at('halves.jpg'));
    const exif = Buffer.from(
      'ffe1002245786966000049492a0008000000010012010300010000000600000000000000',
      'hex',
    );
    const image = await decodeImage(Buffer.concat([jpeg.subarray(0, 2), exif, jpeg.subarray(2)]));
    expect([image.width, image.height]).toEqual([180, 320]);
    expect([colourAt(image, 90, 40), colourAt(image, 90, 280)]).toEqual(['red', 'blue']);
  });

  it.each([
    ['red', [255, 0, 0, 255]],
    ['blue', [0, 0, 255, 255]],
  ])(
    'reads a CMYK JPEG of %s, as printers send them: its inverted inks are no colours',
    async (colour, inks) => {
      expect(colourAt(await decodeImage(cmykJpeg(inks)), 4, 4)).toBe(colour);
    },
  );

  it.each(['jpg', 'png', 'webp'])(
    'refuses a %s whose second half never came: grey is no face',
    async (kind) => {
      const whole = await readFile(at(`noisy.${kind}`));
      await expect(decodeImage(whole)).resolves.toMatchObject({ width: 320, height: 180 });
      const half = whole.subarray(0, whole.length >> 1);
      await expect(decodeImage(half)).rejects.toMatchObject({ code: 'IMAGE_BROKEN' });
    },
  );

  it.each([
    ['text', Buffer.from('hello'), 'IMAGE_UNSUPPORTED'],
    ['nothing', Buffer.alloc(0), 'IMAGE_UNSUPPORTED'],
    ['an SVG', Buffer.from('<svg/>'), 'IMAGE_UNSUPPORTED'],
    [
      'a PNG of 100000 x 100000',
      Buffer.from('89504e470d0a1a0a0000000d49484452000186a0000186a0', 'hex'),
      'IMAGE_TOO_LARGE',
    ],
    [
      'a PNG of 8 x 8 that ends',
      Buffer.from('89504e470d0a1a0a0000000d494844520000000800000008', 'hex'),
      'IMAGE_BROKEN',
    ],
  ])('refuses %s', async (_name, image, code) => {
    await expect(decodeImage(image)).rejects.toMatchObject({ code });
  });
});

describe('probing', () => {
  it('says what a file is, as it will be seen', async () => {
    expect(await inspectFile({ path: at('turned.mp4') })).toMatchObject({
      container: 'mov,mp4,m4a,3gp,3g2,mj2',
      codec: 'h264',
      width: 180,
      height: 320,
      fps: 10,
      durationMs: 1000,
      hasAudio: false,
    });
  });

  it('refuses what has no picture', async () => {
    await writeFile(at('empty.mp4'), '');
    await writeFile(at('page.mp4'), '<!doctype html>');
    const whole = await readFile(at('halves.mp4'));
    await writeFile(at('cut.mp4'), whole.subarray(0, 300));
    for (const name of ['empty.mp4', 'page.mp4', 'cut.mp4']) {
      await expect(inspectFile({ path: at(name) })).rejects.toMatchObject({ code: 'SOURCE_UNSUPPORTED' });
    }
  });

  it('probes a source with a snapshot', async () => {
    const probe = await probeSource({ settings: { url: 'file:ten.mp4' }, mediaDirectory: directory });
    expect(probe).toMatchObject({ codec: 'hevc', width: 320, height: 180, fps: 10, hasAudio: false });
    expect((await decodeImage(probe.snapshot)).width).toBe(320);
  });
});

/** 8 x 8 of one colour, baseline (ITU-T T.81), with Adobe's mark: four components of 0 or 255, inverted inks. */
function cmykJpeg(inks: readonly number[]): Buffer {
  const segment = (marker: number, ...content: number[]) => [0xff, marker, 0, content.length + 2, ...content];
  const adobe = [...Buffer.from('Adobe'), 0, 100, 0, 0, 0, 0, 0];
  const frame = [8, 0, 8, 0, 8, 4, ...[1, 2, 3, 4].flatMap((id) => [id, 0x11, 0])];
  const scan = [4, ...[1, 2, 3, 4].flatMap((id) => [id, 0]), 0, 63, 0];
  // Codes: a DC value of 7 bits (00), one of 8 (01); of the AC values the end of the block alone (0).
  const dc = [0x00, 0, 2, ...new Array<number>(14).fill(0), 7, 8];
  const ac = [0x10, 1, ...new Array<number>(15).fill(0), 0];
  // Quantised by 8 the DC value is that of the pixels, less 128: 127 or -128.
  const bits = inks.map((ink) => (ink === 255 ? '00' + '1111111' : '01' + '01111111') + '0').join('');
  const bytes = (bits.padEnd(Math.ceil(bits.length / 8) * 8, '1').match(/.{8}/g) ?? []).map((b) =>
    parseInt(b, 2),
  );
  return Buffer.from([
    ...[0xff, 0xd8],
    ...segment(0xee, ...adobe),
    ...segment(0xdb, 0, ...new Array<number>(64).fill(8)),
    ...segment(0xc0, ...frame),
    ...segment(0xc4, ...dc),
    ...segment(0xc4, ...ac),
    ...segment(0xda, ...scan),
    ...bytes.flatMap((byte) => (byte === 0xff ? [0xff, 0] : [byte])),
    ...[0xff, 0xd9],
  ]);
}
