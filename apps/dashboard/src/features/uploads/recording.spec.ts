import { recordingName, recordingType } from './recording';

it('records what plays everywhere where the browser can, and else what it can', () => {
  expect(recordingType(() => true)).toMatch(/^video\/mp4/);
  expect(recordingType((type) => type.includes('vp8'))).toBe('video/webm;codecs=vp8');
  expect(recordingType(() => false)).toBeUndefined();
});

it('names a recording so that one finds it again', () => {
  const at = new Date(2026, 0, 2, 3, 4, 5);
  expect(recordingName(at, 'video/webm')).toBe('recording-2026-01-02-03-04-05.webm');
  expect(recordingName(at, 'video/mp4')).toBe('recording-2026-01-02-03-04-05.mp4');
});
