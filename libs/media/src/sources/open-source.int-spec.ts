import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeClip, startHttpPeer, type HttpPeer } from '@camfleet/testing';
import { VideoDecoder } from '../decoding/video-decoder';
import { openSource } from './open-source';

let directory: string;
let jpeg: Buffer;
let peer: HttpPeer;

const PART_STYLES: Record<string, { type: string; part: (body: Buffer) => Buffer }> = {
  '/video': {
    type: 'multipart/x-mixed-replace; boundary=frame',
    part: (body) => parts(`--frame\r\nContent-Length: ${body.length}\r\n\r\n`, body, '\r\n'),
  },
  '/nolength': {
    type: 'multipart/x-mixed-replace;boundary=frame',
    part: (body) => parts('--frame\r\nContent-Type: image/jpeg\r\n\r\n', body, '\r\n'),
  },
  '/linefeed': {
    type: 'multipart/x-mixed-replace;boundary=frame',
    part: (body) => parts('--frame\nContent-Type: image/jpeg\n\n', body, '\n'),
  },
  '/quoted': {
    type: 'multipart/x-mixed-replace;boundary="--my boundary"',
    part: (body) => parts('----my boundary\r\n\r\n', body, '\r\n'),
  },
  '/bare': { type: 'application/octet-stream', part: (body) => body },
  '/notables': {
    type: 'multipart/x-mixed-replace;boundary=frame',
    part: (body) => parts('--frame\r\n\r\n', withoutTables(body), '\r\n'),
  },
};

function parts(...pieces: (string | Buffer)[]): Buffer {
  return Buffer.concat(pieces.map((piece) => Buffer.from(piece)));
}

/** Cuts out the Huffman tables, as cameras do that rely on everybody knowing them. */
function withoutTables(image: Buffer): Buffer {
  const kept = [image.subarray(0, 2)];
  for (let at = 2; ;) {
    const marker = image[at + 1];
    if (marker === 0xda) return Buffer.concat([...kept, image.subarray(at)]);
    const end = at + 2 + image.readUInt16BE(at + 2);
    if (marker !== 0xc4) kept.push(image.subarray(at, end));
    at = end;
  }
}

const md5 = (text: string) => createHash('md5').update(text).digest('hex');

function isDigestRight(header: string): boolean {
  const field = (name: string) => new RegExp(`\\b${name}="?([^",]+)`).exec(header)?.[1] ?? '';
  const secret = md5('cam:lab:p@ss/w"ord');
  const asked = md5(`GET:${field('uri')}`);
  const rest = [field('nonce'), field('nc'), field('cnonce'), field('qop'), asked].join(':');
  return field('response') === md5(`${secret}:${rest}`);
}

function stream(response: ServerResponse, style: { type: string; part: (body: Buffer) => Buffer }): void {
  response.writeHead(200, { 'Content-Type': style.type });
  const timer = setInterval(() => response.write(style.part(jpeg)), 20);
  response.on('close', () => clearInterval(timer));
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'camfleet-media-'));
  const fixedTables = ['-huffman', 'default'];
  await makeClip({ path: join(directory, 'still.jpg'), fps: 1, output: ['-frames:v', '1', ...fixedTables] });
  await makeClip({ path: join(directory, 'clip.mp4') });
  await makeClip({ path: join(directory, 'clip.ts'), output: ['-c:v', 'libx264'] });
  jpeg = await readFile(join(directory, 'still.jpg'));
  const ts = await readFile(join(directory, 'clip.ts'));
  peer = await startHttpPeer((request, response) => {
    const path = request.url ?? '';
    const style = PART_STYLES[path];
    const html = { 'Content-Type': 'text/html' };
    if (style) stream(response, style);
    else if (path === '/snapshot')
      response.writeHead(200, { 'Content-Type': 'image/jpeg', ETag: '"1"' }).end(jpeg);
    else if (path === '/page') response.writeHead(200, html).end('<!doctype html><p>Log in');
    else if (path === '/empty') response.writeHead(200).end();
    else if (path === '/ts') response.writeHead(200, { 'Content-Type': 'video/mp2t' }).end(ts);
    else if (path === '/hls') response.writeHead(200).end(playlist('/ts'));
    else if (path === '/steal') response.writeHead(200).end(playlist(`file://${directory}/clip.ts`));
    else if (path === '/concat')
      response.writeHead(200).end(`ffconcat version 1.0\nfile '${directory}/clip.ts'\n`);
    else if (path === '/moved') response.writeHead(302, { Location: '/video' }).end();
    else if (path === '/circle') response.writeHead(302, { Location: '/circle' }).end();
    else if (path === '/away') response.writeHead(302, { Location: 'file:///etc/passwd' }).end();
    else if (path === '/broken') response.writeHead(503).end();
    else if (path === '/huge') response.writeHead(200, { 'Content-Type': 'image/jpeg' }).end(hugeJpeg());
    else if (path === '/digest') {
      if (isDigestRight(request.headers.authorization ?? '')) stream(response, { ...video() });
      else
        response.writeHead(401, { 'WWW-Authenticate': 'Digest realm="lab", nonce="abc", qop="auth"' }).end();
    } else if (path !== '/hang') response.writeHead(404).end();
  });
});

afterAll(async () => {
  await peer[Symbol.asyncDispose]();
  await rm(directory, { recursive: true });
});

function video(): { type: string; part: (body: Buffer) => Buffer } {
  const style = PART_STYLES['/video'];
  if (!style) throw new Error('there is always /video');
  return style;
}

function playlist(segment: string): string {
  return `#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n${segment}\n#EXT-X-ENDLIST\n`;
}

/** The same picture with 16000 x 16000 in its header. */
function hugeJpeg(): Buffer {
  const huge = Buffer.from(jpeg);
  const frame = huge.indexOf(Buffer.from([0xff, 0xc0]));
  huge.writeUInt16BE(16_000, frame + 5);
  huge.writeUInt16BE(16_000, frame + 7);
  return huge;
}

async function firstPicture(url: string, credentials = {}): Promise<string> {
  const source = await openSource({
    settings: { url, ...credentials },
    mediaDirectory: directory,
    timeoutMs: 5000,
  });
  const decoder = await VideoDecoder.open(source.video);
  try {
    for (let i = 0; i < 20; i += 1) {
      const packet = await source.read();
      const frames = packet ? await decoder.decode(packet) : await decoder.drain();
      packet?.release();
      const size = frames[0]?.display;
      frames.forEach((frame) => frame.release());
      if (size) return `${source.video.codec} ${size.width}x${size.height}`;
    }
    return 'nothing';
  } finally {
    await decoder.close();
    await source.close();
  }
}

describe('openSource', () => {
  it.each([...Object.keys(PART_STYLES), '/snapshot', '/moved'])(
    'shows an HTTP camera at %s',
    async (path) => {
      expect(await firstPicture(peer.url + path)).toBe('mjpeg 320x180');
    },
  );

  it.each(['/ts', '/hls'])('shows what comes in a container at %s', async (path) => {
    expect(await firstPicture(peer.url + path)).toBe('h264 320x180');
  });

  it('shows a file of the media folder', async () => {
    expect(await firstPicture('file:clip.mp4')).toBe('h264 320x180');
  });

  it('passes pictures on byte by byte', async () => {
    const source = await openSource({ settings: { url: `${peer.url}/video` } });
    const packet = await source.read();
    expect(packet?.jpeg?.equals(jpeg)).toBe(true);
    packet?.release();
    await source.close();
  });

  it('logs in by Digest, with a password of odd characters', async () => {
    const credentials = { username: 'cam', password: 'p@ss/w"ord' };
    expect(await firstPicture(`${peer.url}/digest`, credentials)).toBe('mjpeg 320x180');
  });

  it.each([
    ['/digest', 'SOURCE_UNAUTHORIZED'],
    ['/nowhere', 'SOURCE_NOT_FOUND'],
    ['/page', 'SOURCE_UNSUPPORTED'],
    ['/empty', 'SOURCE_UNSUPPORTED'],
    ['/huge', 'SOURCE_UNSUPPORTED'],
    ['/broken', 'SOURCE_UNREACHABLE'],
    ['/circle', 'SOURCE_UNREACHABLE'],
    ['/away', 'SOURCE_INVALID'],
    ['/steal', 'SOURCE_UNSUPPORTED'],
    ['/concat', 'SOURCE_UNSUPPORTED'],
  ])('says of %s: %s', async (path, code) => {
    await expect(firstPicture(peer.url + path)).rejects.toMatchObject({ code });
  });

  it('gives up a server that never answers, in time', async () => {
    const settings = { url: `${peer.url}/hang` };
    await expect(openSource({ settings, timeoutMs: 150 })).rejects.toMatchObject({ code: 'SOURCE_TIMEOUT' });
  });

  it.each(['rtsp', 'rtmp', 'http'])('says that nobody listens, over %s', async (scheme) => {
    const settings = { url: `${scheme}://127.0.0.1:1/a` };
    await expect(openSource({ settings })).rejects.toMatchObject({ code: 'SOURCE_UNREACHABLE' });
  });

  it('stops opening and reading at once when it is aborted', async () => {
    const stop = new AbortController();
    const opening = openSource({ settings: { url: `${peer.url}/hang` }, signal: stop.signal });
    stop.abort(new Error('enough'));
    await expect(opening).rejects.toThrow('enough');
  });

  it('opens no file outside of the media folder, by link or by name', async () => {
    await symlink('/etc/hostname', join(directory, 'link.mp4'));
    await writeFile(join(directory, 'list.mp4'), "ffconcat version 1.0\nfile 'clip.mp4'\n");
    await expect(firstPicture('file:link.mp4')).rejects.toMatchObject({ code: 'SOURCE_INVALID' });
    await expect(firstPicture('file:/etc/hostname')).rejects.toMatchObject({ code: 'SOURCE_INVALID' });
    await expect(firstPicture('file:list.mp4')).rejects.toMatchObject({ code: 'SOURCE_UNSUPPORTED' });
    await expect(firstPicture('file:none.mp4')).rejects.toMatchObject({ code: 'SOURCE_NOT_FOUND' });
  });
});
