import type { Size } from '@camfleet/domain';

export type ImageKind = 'jpeg' | 'png' | 'webp';

export interface ImageHeader extends Size {
  kind: ImageKind;
  /** EXIF orientation, 1 to 8; 1 when none is given. */
  orientation: number;
}

/** Reads kind and size from the first bytes, without decoding; undefined for anything else or a broken header. */
export function readImageHeader(image: Buffer): ImageHeader | undefined {
  try {
    if (image[0] === 0xff && image[1] === 0xd8) return readJpeg(image);
    if (image.subarray(1, 4).toString('latin1') === 'PNG') return readPng(image);
    if (image.subarray(0, 4).toString('latin1') === 'RIFF') return readWebp(image);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  return undefined;
}

function readPng(image: Buffer): ImageHeader {
  return { kind: 'png', width: image.readUInt32BE(16), height: image.readUInt32BE(20), orientation: 1 };
}

function readWebp(image: Buffer): ImageHeader | undefined {
  const base = { kind: 'webp', orientation: 1 } as const;
  switch (image.subarray(8, 16).toString('latin1')) {
    case 'WEBPVP8 ':
      return { ...base, width: image.readUInt16LE(26) & 0x3fff, height: image.readUInt16LE(28) & 0x3fff };
    case 'WEBPVP8L': {
      const bits = image.readUInt32LE(21);
      return { ...base, width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
    case 'WEBPVP8X':
      return { ...base, width: image.readUIntLE(24, 3) + 1, height: image.readUIntLE(27, 3) + 1 };
    default:
      return undefined;
  }
}

/** True for the start-of-frame markers, which bear the size: C0 to CF without DHT, JPG and DAC. */
function isStartOfFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

function readJpeg(image: Buffer): ImageHeader | undefined {
  let orientation = 1;
  for (let at = 2; at + 4 <= image.length;) {
    if (image[at] !== 0xff) return undefined;
    const marker = image.readUInt8(at + 1);
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (isStartOfFrame(marker)) {
      return {
        kind: 'jpeg',
        height: image.readUInt16BE(at + 5),
        width: image.readUInt16BE(at + 7),
        orientation,
      };
    }
    if (marker === 0xda || marker === 0xd9) return undefined;
    const length = image.readUInt16BE(at + 2);
    if (marker === 0xe1)
      orientation = exifOrientation(image.subarray(at + 4, at + 2 + length)) ?? orientation;
    at += 2 + length;
  }
  return undefined;
}

/** Tag 0x0112 of the first image directory of an APP1 segment (EXIF 2.32, 4.6.4). */
function exifOrientation(segment: Buffer): number | undefined {
  if (segment.subarray(0, 4).toString('latin1') !== 'Exif' || segment.length < 20) return undefined;
  const tiff = segment.subarray(6);
  const little = tiff.subarray(0, 2).toString('latin1') === 'II';
  const u16 = (at: number) => (little ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const directory = little ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4);
  if (directory + 2 > tiff.length) return undefined;
  for (let i = 0; i < u16(directory); i += 1) {
    const entry = directory + 2 + 12 * i;
    if (entry + 12 > tiff.length) return undefined;
    if (u16(entry) !== 0x0112) continue;
    const value = u16(entry + 8);
    return value >= 1 && value <= 8 ? value : undefined;
  }
  return undefined;
}
