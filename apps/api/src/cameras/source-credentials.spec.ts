import { maskQuerySecrets, splitCredentials } from './source-credentials';

describe('credentials in a source URL', () => {
  it.each([
    ['rtsp://admin:s3cret@10.0.0.5:554/h264?x=1', 'rtsp://10.0.0.5:554/h264?x=1', 'admin', 's3cret'],
    ['rtsp://admin:p%40ss@cam/1', 'rtsp://cam/1', 'admin', 'p@ss'],
    ['rtsp://admin:p@ss@cam/1', 'rtsp://cam/1', 'admin', 'p@ss'],
    ['http://admin@cam/video', 'http://cam/video', 'admin', undefined],
    ['rtsp://a:100%@cam/1', 'rtsp://cam/1', 'a', '100%'],
  ])('are taken out of %s, so that they are never shown or logged', (given, url, username, password) => {
    expect(splitCredentials({ url: given })).toEqual({ url, username, password });
  });

  it.each(['rtsp://cam/path@2x', 'https://cam/?mail=a@b', 'file:clip@home.mp4', 'device:/dev/video0'])(
    'are not seen in %s, which has none',
    (url) => {
      expect(splitCredentials({ url })).toEqual({ url });
    },
  );

  it('count less than those given beside the URL', () => {
    expect(splitCredentials({ url: 'rtsp://a:b@cam/', username: 'c', password: 'd' })).toEqual({
      url: 'rtsp://cam/',
      username: 'c',
      password: 'd',
    });
  });
});

describe('secrets in the query of a source URL', () => {
  it.each([
    ['http://cam/video.cgi?user=admin&pwd=s3cret', 'http://cam/video.cgi?user=admin&pwd=***'],
    ['http://cam/snap.jpg?password=a%26b&channel=1#x', 'http://cam/snap.jpg?password=***&channel=1#x'],
    ['https://cam/hls?token=abc', 'https://cam/hls?token=***'],
  ])('are hidden in %s', (url, shown) => {
    expect(maskQuerySecrets(url)).toBe(shown);
  });

  it.each(['rtsp://cam/h264?channel=1&subtype=0', 'http://cam/a=b', 'file:pass=word.mp4'])(
    'are not seen in %s',
    (url) => {
      expect(maskQuerySecrets(url)).toBe(url);
    },
  );
});

describe('a URL that cannot be told apart', () => {
  it('is refused, before part of a password is stored as a host', () => {
    expect(() => splitCredentials({ url: 'rtsp://cam:p@ss/word@10.0.0.5/x' })).toThrow(/percent-encoded/);
  });

  it('loses its fragment, which no camera ever sees', () => {
    expect(splitCredentials({ url: 'http://cam/v#user:secret' }).url).toBe('http://cam/v');
  });
});
