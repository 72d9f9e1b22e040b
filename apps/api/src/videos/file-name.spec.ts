import { keyName, safeContentType } from './file-name';

describe('the name under which an upload is kept', () => {
  it.each([
    ['CCTV_Test1.mp4', 'CCTV_Test1.mp4'],
    ['-i.mp4', 'i.mp4'],
    ['name with spaces & $(id) ;"quote.mp4', 'name_with_spaces_id_quote.mp4'],
    ['../../../etc/passwd', 'passwd'],
    ['..\\..\\boot.mp4', 'boot.mp4'],
    ['视频 😀.mp4', 'video.mp4'],
    ['.mp4', 'video.mp4'],
    ['..', 'video'],
    ['a\u0000b\n.mp4', 'a_b.mp4'],
    [`${'x'.repeat(251)}.mp4`, `${'x'.repeat(120)}.mp4`],
    ['Überwachung.MP4', 'U_berwachung.MP4'],
  ])('of %j is harmless', (given, kept) => {
    expect(keyName(given)).toBe(kept);
  });

  it('has the type of a video or none that a browser would run', () => {
    expect(safeContentType('video/mp4')).toBe('video/mp4');
    for (const type of ['text/html', 'image/svg+xml', 'video/mp4; x', undefined, null, ''])
      expect(safeContentType(type)).toBe('application/octet-stream');
  });
});
