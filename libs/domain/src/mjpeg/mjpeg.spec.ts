import { boundaryOf, MjpegPartParser, type MjpegPart } from './part-parser';
import { formatPart, MJPEG_CONTENT_TYPE, MJPEG_OPENING } from './part-format';

/** A JPEG by its markers alone: APP1 with a thumbnail in it, a scan with a stuffed byte, end of image. */
const JPEG = Buffer.from('ffd8ffe10008ffd9aabbccddffda000401020011ff00d922ffd03344ffd9', 'hex');
const OTHER = Buffer.from('ffd8ffda00020102ffd9', 'hex');

function parse(stream: Buffer, boundary: string | undefined, chunkBytes: number): MjpegPart[] {
  const parser = new MjpegPartParser({ boundary });
  const parts: MjpegPart[] = [];
  for (let at = 0; at < stream.length; at += chunkBytes) {
    parts.push(...parser.push(stream.subarray(at, at + chunkBytes)));
  }
  return parts;
}

const bytes = (...pieces: (string | Buffer)[]): Buffer =>
  Buffer.concat(pieces.map((piece) => (typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece)));

const STREAMS: [name: string, boundary: string | undefined, stream: Buffer][] = [
  [
    'a length',
    'frame',
    bytes('--frame\r\nContent-Length: 30\r\n\r\n', JPEG, '\r\n--frame\r\nContent-Length: 10\r\n\r\n', OTHER),
  ],
  [
    'no length',
    'frame',
    bytes('--frame\r\nContent-Type: image/jpeg\r\n\r\n', JPEG, '\r\n--frame\r\nA: b\r\n\r\n', OTHER),
  ],
  ['no header at all', 'frame', bytes('--frame\r\n\r\n', JPEG, '\r\n--frame\r\n\r\n', OTHER)],
  [
    'bare line feeds',
    'frame',
    bytes('--frame\nContent-Length: 30\n\n', JPEG, '\n--frame\nContent-Length: 10\n\n', OTHER),
  ],
  [
    'a boundary with its dashes twice',
    '"--my"',
    bytes('----my\r\nA: b\r\n\r\n', JPEG, '\r\n----my\r\nA: b\r\n\r\n', OTHER),
  ],
  [
    'a declared boundary that includes the dashes',
    '--my',
    bytes('--my\r\nA: b\r\n\r\n', JPEG, '\r\n--my\r\nA: b\r\n\r\n', OTHER),
  ],
  [
    'text before and between',
    'frame',
    bytes('hello\r\n--frame\r\n\r\n', JPEG, 'junk junk\r\n--frame\r\n\r\n', OTHER),
  ],
  [
    'a length too short',
    'frame',
    bytes(
      '--frame\r\nContent-Length: 30\r\n\r\n',
      JPEG,
      'tail\r\n--frame\r\nContent-Length: 10\r\n\r\n',
      OTHER,
    ),
  ],
  [
    'a length too long',
    'frame',
    bytes('--frame\r\nContent-Length: 64\r\n\r\n', JPEG, '\r\n--frame\r\nContent-Length: 10\r\n\r\n', OTHER),
  ],
  ['no multipart', undefined, bytes('..', JPEG, '..', OTHER)],
];

describe.each([1, 7, 100_000])('a camera that sends %i bytes at a time', (chunkBytes) => {
  it.each(STREAMS)('shows every picture of a stream with %s', (_name, boundary, stream) => {
    expect(parse(stream, boundary, chunkBytes).map((part) => part.body.toString('hex'))).toEqual([
      JPEG.toString('hex'),
      OTHER.toString('hex'),
    ]);
  });
});

describe('MjpegPartParser', () => {
  it('gives a picture without waiting for the next one', () => {
    const parser = new MjpegPartParser({ boundary: 'frame' });
    expect(parser.push(bytes('--frame\r\nA: b\r\n\r\n', JPEG))).toHaveLength(1);
  });

  it('holds a bounded amount of an endless part, and goes on behind it', () => {
    const parser = new MjpegPartParser({ boundary: 'frame', maxPartBytes: 1000 });
    parser.push(bytes('--frame\r\n\r\n'));
    for (let i = 0; i < 50; i += 1) expect(parser.push(Buffer.alloc(100))).toEqual([]);
    expect(parser.droppedParts).toBe(1);
    expect(parser.push(bytes('\r\n--frame\r\n\r\n', OTHER))).toHaveLength(1);
  });

  it('goes on behind endless headers', () => {
    const parser = new MjpegPartParser({ boundary: 'frame' });
    parser.push(bytes('--frame\r\n', 'a: b\r\n'.repeat(5000)));
    expect(parser.push(bytes('\r\n--frame\r\n\r\n', OTHER, '\r\n--frame\r\n')).at(-1)?.body).toEqual(OTHER);
  });
});

describe('formatPart', () => {
  it('makes parts whose capture time and slate mark a reader gets back', () => {
    const stream = bytes(
      MJPEG_OPENING,
      formatPart({ jpeg: JPEG, timestampMs: 1_700_000_000_123.4 }),
      formatPart({ jpeg: OTHER, timestampMs: 5, slate: true }),
    );
    const parts = parse(stream, boundaryOf(MJPEG_CONTENT_TYPE), 100_000);
    expect(parts.map((part) => part.body)).toEqual([JPEG, OTHER]);
    expect(parts[0]?.headers.get('x-timestamp')).toBe('1700000000123');
    expect(parts[0]?.headers.has('x-slate')).toBe(false);
    expect(parts[1]?.headers.get('x-slate')).toBe('true');
  });

  it.each([
    ['multipart/x-mixed-replace; boundary="--my x"; charset=a', '--my x'],
    ['multipart/x-mixed-replace;boundary=frame', 'frame'],
    ['text/html', undefined],
  ])('finds the boundary of %s', (contentType, boundary) => {
    expect(boundaryOf(contentType)).toBe(boundary);
  });
});
