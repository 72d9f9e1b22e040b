import { whyNotKept } from './kept-face';

it('says nothing where cameras will know the face', () => {
  expect(whyNotKept({ faceId: 'f' }, 'Tom')).toBeNull();
  expect(whyNotKept(undefined, 'Tom')).toBeNull();
});

it('says why they will not', () => {
  const message = '';
  expect(whyNotKept({ code: 'FACE_TOO_SMALL', message }, 'Tom')).toBe(
    'Cameras will not recognise Tom by it: the face is too small.',
  );
  const details = { personId: 'p', name: 'Ann', score: 0.7 };
  expect(whyNotKept({ code: 'FACE_MATCHES_OTHER', message, details }, 'Tom')).toMatch(/looks like Ann\.$/);
  expect(whyNotKept({ code: 'FACE_MATCHES_OTHER', message }, 'Tom')).toMatch(/somebody else\.$/);
  expect(whyNotKept({ code: 'FACE_DENIED', message }, 'Tom')).toMatch(/not Tom\.$/);
});
