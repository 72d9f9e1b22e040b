/** A grey picture of flat squares of 8 by 8 pixels: its rows of brightnesses, 0 to 255. */
export type FlatPicture = readonly (readonly number[])[];

const BLOCK = 8;
/** ITU-T T.81, table K.3: how many codes there are of each length from 1 to 16, and the categories they stand for. */
const CODES_OF_LENGTH = [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0];
const CATEGORIES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
/** The whole table of the other 63 coefficients: one code of one bit, "all of them are zero". */
const END_OF_BLOCK = { lengths: [1, ...Array<number>(15).fill(0)], values: [0] };

interface Code {
  bits: number;
  length: number;
}

/** The code of each category. */
const CODES = codesOf(CODES_OF_LENGTH);

/**
 * A baseline JPEG without a codec. A flat block's transform is its mean alone, and with a quantiser of 8 that is
 * the brightness itself (T.81, A.3.3): the entropy-coded data are the differences from block to block.
 */
export function flatJpeg(picture: FlatPicture): Buffer {
  const width = (picture[0]?.length ?? 0) * BLOCK;
  const height = picture.length * BLOCK;
  const bits = new BitWriter();
  let before = 128;
  for (const brightness of picture.flat()) {
    writeDifference(bits, brightness - before);
    bits.write({ bits: 0, length: 1 });
    before = brightness;
  }
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    segment(0xe0, [...Buffer.from('JFIF\0'), 1, 1, 0, 0, 1, 0, 1, 0, 0]),
    segment(0xdb, [0, ...Array<number>(64).fill(BLOCK)]),
    segment(0xc0, [8, height >> 8, height & 255, width >> 8, width & 255, 1, 1, 0x11, 0]),
    segment(0xc4, [0x00, ...CODES_OF_LENGTH, ...CATEGORIES]),
    segment(0xc4, [0x10, ...END_OF_BLOCK.lengths, ...END_OF_BLOCK.values]),
    segment(0xda, [1, 1, 0x00, 0, 63, 0]),
    bits.finish(),
    Buffer.from([0xff, 0xd9]),
  ]);
}

function segment(marker: number, content: readonly number[]): Buffer {
  const length = content.length + 2;
  return Buffer.from([0xff, marker, length >> 8, length & 255, ...content]);
}

/** T.81, C: the codes of each length count up, and go on doubled at the next length. */
function codesOf(counts: readonly number[]): Code[] {
  const codes: Code[] = [];
  let bits = 0;
  for (const [index, count] of counts.entries()) {
    for (let n = 0; n < count; n += 1) codes.push({ bits: bits++, length: index + 1 });
    bits <<= 1;
  }
  return codes;
}

/** T.81, F.1.2.1: the number of bits, then the bits; a negative number as its ones' complement. */
function writeDifference(writer: BitWriter, difference: number): void {
  const category = 32 - Math.clz32(Math.abs(difference));
  const code = CODES[category];
  if (!code) throw new RangeError(`A brightness is 0 to 255: they cannot differ by ${difference}.`);
  writer.write(code);
  writer.write({ bits: difference > 0 ? difference : difference + (1 << category) - 1, length: category });
}

class BitWriter {
  private readonly bytes: number[] = [];
  private pending = 0;
  private count = 0;

  write({ bits, length }: Code): void {
    this.pending = (this.pending << length) | bits;
    this.count += length;
    while (this.count >= 8) {
      this.count -= 8;
      const byte = (this.pending >> this.count) & 0xff;
      this.bytes.push(byte);
      // What looks like a marker is told from one by a zero.
      if (byte === 0xff) this.bytes.push(0);
    }
    this.pending &= (1 << this.count) - 1;
  }

  /** The last byte is filled with ones. */
  finish(): Buffer {
    const missing = (8 - this.count) % 8;
    this.write({ bits: (1 << missing) - 1, length: missing });
    return Buffer.from(this.bytes);
  }
}
