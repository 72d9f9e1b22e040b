import { SourceError } from '@camfleet/domain';
import { parseSource, sourceKey } from './parse-source';

describe('parseSource', () => {
  it.each([
    'ftp://host/a',
    'concat:/etc/passwd',
    'javascript:alert(1)',
    '/etc/passwd',
    '',
    'rtsp://',
    'rtsp://bad host/',
    'device:/dev/sda',
    'device:/dev/video0/../sda',
    'file:',
    'file:../secret.mp4',
    'file:a/../../secret.mp4',
    `http://host/${'a'.repeat(3000)}`,
    'file:clip.mp4\u0000.txt',
  ])('refuses %p', (url) => {
    expect(() => parseSource({ url })).toThrow(expect.objectContaining({ code: 'SOURCE_INVALID' }));
  });

  it('takes user name and password out of the address, whatever characters they have', () => {
    const parsed = parseSource({ url: 'rtsp://us%40er:p%2Fs%3Aw@cam:8554/a?b=c' });
    expect(parsed).toEqual({
      scheme: 'rtsp',
      url: 'rtsp://cam:8554/a?b=c',
      transport: 'tcp',
      credentials: { username: 'us@er', password: 'p/s:w' },
    });
  });

  it('prefers the separate user name and password', () => {
    const parsed = parseSource({ url: 'http://old:older@cam/', username: 'new', password: 'newer' });
    expect(parsed).toMatchObject({ url: 'http://cam/', credentials: { username: 'new', password: 'newer' } });
  });

  it('does not repeat the password in what it says about a bad address', () => {
    try {
      parseSource({ url: 'rtsp://user:hunter2@bad host/' });
    } catch (error) {
      expect(error).toBeInstanceOf(SourceError);
      expect(String(error)).not.toContain('hunter2');
    }
    expect.assertions(2);
  });
});

describe('sourceKey', () => {
  it('is equal for cameras that can share a reader, wherever the password stands', () => {
    expect(sourceKey({ url: 'rtsp://a:b@cam/1' })).toBe(
      sourceKey({ url: 'rtsp://cam/1', username: 'a', password: 'b' }),
    );
  });

  it('differs by transport, password and looping', () => {
    const keys = [
      { url: 'rtsp://cam/1' },
      { url: 'rtsp://cam/1', transport: 'udp' as const },
      { url: 'rtsp://cam/1', username: 'a', password: 'b' },
      { url: 'rtsp://cam/1', loop: true },
    ].map(sourceKey);
    expect(new Set(keys).size).toBe(4);
  });
});
