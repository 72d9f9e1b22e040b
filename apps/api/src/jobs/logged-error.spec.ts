import { toLogged } from './logged-error';

describe('what a worker says went wrong, in the log', () => {
  it('bears no password and no signature, which whoever reads logs could use', () => {
    expect(toLogged(`ffmpeg: https://files.example/a.mp4?X-Signature=s3cret: 403 Forbidden`)).toBe(
      'ffmpeg: https://files.example/a.mp4 403 Forbidden',
    );
    expect(toLogged('"rtsp://ann:p@ss@camera/1" and s3://b/k?v=1')).toBe('"rtsp://camera/1" and s3://b/k');
    expect(toLogged('model crashed: why?')).toBe('model crashed: why?');
    expect(toLogged('x'.repeat(4_000))).toHaveLength(500);
  });
});
