import { logInWords } from './log-words';

const at = '2026-01-01T10:00:12.000Z';
const name = (id: string | null) => (id === 'w1' ? 'Attic' : '–');
const words = (event: string, data: Record<string, unknown>) =>
  logInWords({ at, event, data }, name)?.replaceAll('\u00a0', ' ');

it('says what was asked for, and how a job went', () => {
  expect(words('video.queued', { analyses: ['faces', 'yolo_boxes'] })).toBe('Asked for: Faces, yolo_boxes.');
  expect(
    words('job.done', { analysisType: 'faces', workerId: 'w1', begunAt: '2026-01-01T10:00:00.000Z' }),
  ).toMatch(/^Faces: done by Attic, begun .*, in 12 s\.$/);
  expect(words('job.dead', { analysisType: 'faces', attempt: 5, error: 'SOURCE_ENDED: x' })).toBe(
    'Faces: given up at attempt 5. The video ended.',
  );
});

it('says of a refused file what a video needs, and leaves to others what it does not know', () => {
  expect(words('video.refused', { code: 'UNSUPPORTED_MEDIA_TYPE', message: 'x' })).toBe(
    'Refused. There is no video in this file that can be read.',
  );
  expect(words('video.other', { a: 1 })).toBeUndefined();
});
