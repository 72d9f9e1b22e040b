import { withoutSecrets } from './worker-words';

describe('what a worker says went wrong, kept in logs and with its job', () => {
  it('bears no password and no signature, which whoever reads logs could use', () => {
    expect(withoutSecrets(`ffmpeg: https://files.example/a.mp4?X-Signature=s3cret: 403 Forbidden`)).toBe(
      'ffmpeg: https://files.example/a.mp4 403 Forbidden',
    );
    expect(withoutSecrets('"rtsp://ann:p@ss@camera/1" and s3://b/k?v=1')).toBe(
      '"rtsp://camera/1" and s3://b/k',
    );
    expect(withoutSecrets('model crashed: why?')).toBe('model crashed: why?');
  });
});
