const MARKER = 0xff;
const START_OF_IMAGE = 0xd8;
const END_OF_IMAGE = 0xd9;
const START_OF_SCAN = 0xda;

/** True when the bytes begin as a JPEG does (SOI, then a marker). */
export function startsAsJpeg(bytes: Uint8Array): boolean {
  return bytes[0] === MARKER && bytes[1] === START_OF_IMAGE && bytes[2] === MARKER;
}

/** True for markers that stand alone, without a length: TEM, RST0-7, and a stuffed zero. */
function standsAlone(marker: number): boolean {
  return marker === 0 || marker === 1 || (marker >= 0xd0 && marker <= 0xd7);
}

/**
 * Finds where a JPEG ends by walking its markers (ITU-T T.81, B.1.1), so that a thumbnail inside an APP1
 * segment is no false end. Remembers its place: feed it the growing buffer of one picture.
 */
export class JpegEndFinder {
  private position = 2;
  private inScan = false;

  /** Offset behind the end-of-image marker, or -1 while it has not come. */
  find(bytes: Uint8Array): number {
    for (;;) {
      const at = bytes.indexOf(MARKER, this.position);
      if (at < 0) {
        this.position = Math.max(this.position, bytes.length);
        return -1;
      }
      this.position = at;
      const marker = bytes[at + 1];
      if (marker === undefined) return -1;
      if (marker === END_OF_IMAGE) return at + 2;
      if (marker === MARKER) this.position = at + 1;
      else if (standsAlone(marker) || (this.inScan && marker < 0xc0)) this.position = at + 2;
      else if (!this.skipSegment(bytes, marker)) return -1;
    }
  }

  private skipSegment(bytes: Uint8Array, marker: number): boolean {
    const high = bytes[this.position + 2];
    const low = bytes[this.position + 3];
    if (high === undefined || low === undefined) return false;
    this.inScan ||= marker === START_OF_SCAN;
    this.position += 2 + Math.max(2, high * 256 + low);
    return true;
  }
}
