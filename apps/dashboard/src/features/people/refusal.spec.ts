import { ApiError } from '../../api/api-error';
import { refusalOf } from './refusal';
import { widened } from './upright-photo';

const refused = (code: string, details?: unknown) =>
  refusalOf(new ApiError(code, 'x', { status: 422, details }));

it('lets one choose among several faces', () => {
  const boxes = [
    [0, 0, 0.1, 0.1],
    [0.5, 0.5, 0.1, 0.1],
  ];
  expect(refused('SEVERAL_FACES', { boxes })).toEqual({
    words: 'There are 2 faces on this picture. Choose the right one.',
    boxes,
    mayInsist: true,
  });
});

it('says whom a face looks like, and leads there', () => {
  const details = { personId: 'p1', name: 'Ada', score: 0.7 };
  expect(refused('FACE_MATCHES_OTHER', details)).toMatchObject({
    words: expect.stringContaining('looks like Ada'),
    other: { personId: 'p1', name: 'Ada' },
    mayInsist: true,
  });
});

it('offers to insist only where the server would give in', () => {
  expect(['FACE_TOO_SMALL', 'FACE_TOO_BLURRED'].map((code) => refused(code).mayInsist)).toEqual([true, true]);
  for (const code of ['NO_FACE', 'NO_WORKER_AVAILABLE', 'BODY_TOO_LARGE', 'OFFLINE'])
    expect(refused(code)).toMatchObject({ mayInsist: false, boxes: [] });
});

it('stays readable when details are missing', () => {
  expect(refused('SEVERAL_FACES').words).toContain('several faces');
  expect(refused('FACE_MATCHES_OTHER', {}).words).toContain('somebody else');
});

it('cuts a face out with what is around it, and not beyond the photo', () => {
  const [x, y, width, height] = widened([0.9, 0.4, 0.1, 0.2]);
  expect([x, y, width, height].map((share) => Number(share.toFixed(3)))).toEqual([0.85, 0.3, 0.15, 0.4]);
});
