import { enrolmentVerdict } from './face-quality';

describe('enrolmentVerdict: a face that shows too little draws strangers to a person', () => {
  const good = { heightPx: 120, sharpness: 0.8, exposure: 1 };
  it.each([
    [good, 'ok'],
    [{ ...good, heightPx: 40 }, 'FACE_TOO_SMALL'],
    [{ ...good, sharpness: 0.3 }, 'FACE_TOO_BLURRED'],
    [{ ...good, exposure: 0.1 }, 'FACE_TOO_BLURRED'],
    [{ heightPx: 120, sharpness: 0.8 }, 'ok'],
    [{}, 'FACE_TOO_SMALL'],
  ])('%p: %s', (quality, verdict) => expect(enrolmentVerdict(quality)).toBe(verdict));
});
