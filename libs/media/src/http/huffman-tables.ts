/**
 * The typical Huffman tables of ITU-T T.81 Annex K.3, which many MJPEG cameras leave out although a JPEG is
 * unreadable without them: per table its class and number, how many codes there are of each length from 1 to
 * 16, and the values in order.
 */
const LUMINANCE_DC = '00' + '00010501010101010100000000000000' + '000102030405060708090a0b';
const CHROMINANCE_DC = '01' + '00030101010101010101010000000000' + '000102030405060708090a0b';
const LUMINANCE_AC =
  '10' +
  '0002010303020403050504040000017d' +
  '01020300041105122131410613516107227114328191a1082342b1c11552d1f02433627282090a161718191a25262728292a3435' +
  '363738393a434445464748494a535455565758595a636465666768696a737475767778797a838485868788898a92939495969798' +
  '999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae1e2e3e4e5e6e7e8e9eaf1f2f3f4' +
  'f5f6f7f8f9fa';
const CHROMINANCE_AC =
  '11' +
  '00020102040403040705040400010277' +
  '0001020311040521310612415107617113223281081442' +
  '91a1b1c109233352f0156272d10a162434e125f11718191a262728292a35363738393a434445464748494a535455565758595a63' +
  '6465666768696a737475767778797a82838485868788898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2' +
  'c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae2e3e4e5e6e7e8e9eaf2f3f4f5f6f7f8f9fa';

const TABLES = Buffer.from(LUMINANCE_DC + LUMINANCE_AC + CHROMINANCE_DC + CHROMINANCE_AC, 'hex');
const SEGMENT = Buffer.concat([
  Buffer.from([0xff, 0xc4, (TABLES.length + 2) >> 8, (TABLES.length + 2) & 0xff]),
  TABLES,
]);

const DEFINE_HUFFMAN_TABLES = 0xc4;
const START_OF_SCAN = 0xda;

/** The same JPEG with the standard tables before its scan when it has none of its own; else the very same bytes. */
export function withHuffmanTables(jpeg: Buffer): Buffer {
  for (let at = 2; at + 4 <= jpeg.length;) {
    if (jpeg[at] !== 0xff) return jpeg;
    const marker = jpeg[at + 1];
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker === DEFINE_HUFFMAN_TABLES) return jpeg;
    if (marker === START_OF_SCAN) return Buffer.concat([jpeg.subarray(0, at), SEGMENT, jpeg.subarray(at)]);
    at += 2 + jpeg.readUInt16BE(at + 2);
  }
  return jpeg;
}
