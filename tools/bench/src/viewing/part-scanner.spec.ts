import { MJPEG_OPENING, formatPart } from '@camfleet/domain';
import { PartScanner, type SeenPart } from './part-scanner';

const ANSWER = 'HTTP/1.1 200 OK\r\ncontent-type: multipart/x-mixed-replace\r\n\r\n';
const part = (timestampMs: number, slate: boolean) =>
  formatPart({ jpeg: Buffer.from('\r\n\r\n--frame'), timestampMs, slate });

describe('PartScanner', () => {
  it.each([1, 7, 10_000])('counts every picture once, whatever the pieces (%i bytes)', (bytes) => {
    const stream = Buffer.concat([
      Buffer.from(ANSWER),
      Buffer.from(MJPEG_OPENING),
      part(1000, true),
      part(1067, false),
    ]);
    const seen: SeenPart[] = [];
    const scanner = new PartScanner((found) => seen.push(found));
    for (let at = 0; at < stream.length; at += bytes) scanner.push(stream.subarray(at, at + bytes));
    expect(seen.map(({ timestampMs, slate }) => [timestampMs, slate])).toEqual([
      [1000, true],
      [1067, false],
    ]);
  });

  it('says when the feed was refused', () => {
    expect(() => new PartScanner(() => undefined).push(Buffer.from('HTTP/1.1 409 Conflict\r\n\r\n'))).toThrow(
      /409/,
    );
  });
});
