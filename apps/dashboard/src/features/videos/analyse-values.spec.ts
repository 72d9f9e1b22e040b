import { problemsOf, requestOf, valuesOf } from './analyse-values';

const values = valuesOf(null);

it('asks for everything, sampled as each analysis likes it, when nothing is chosen', () => {
  expect(requestOf(values)).toEqual({ analyses: ['frames', 'faces', 'objects'] });
  expect(problemsOf(values)).toEqual({});
});

it('sends only what the chosen sampling goes by', () => {
  expect(requestOf({ ...values, sampling: 'stride', frameStride: 5 })).toMatchObject({
    sampling: 'stride',
    frameStride: 5,
  });
  expect(requestOf({ ...values, sampling: 'keyframes' })).toEqual({
    analyses: ['frames', 'faces', 'objects'],
    sampling: 'keyframes',
  });
  expect(requestOf({ ...values, sampling: 'adaptive', sampleFps: '2' })).toMatchObject({ sampleFps: 2 });
});

it('says at its field what the server would refuse', () => {
  expect(problemsOf({ ...values, analyses: [] })).toEqual({ analyses: 'Choose at least one.' });
  expect(problemsOf({ ...values, sampling: 'fps', sampleFps: '' })).toHaveProperty('sampleFps');
  expect(problemsOf({ ...values, cameraCode: 'front door' })).toEqual({
    cameraCode: 'It must look like CAM1',
  });
});

it('keeps when it was recorded, in the time zone of the one who looks', () => {
  const recordedAt = '2026-01-02T03:04:05.678Z';
  const known = valuesOf({ recordedAt });
  expect(requestOf(known).recordedAt).toBe(recordedAt);
  const changed = known.recordedAt.replace(/05$/, '06');
  expect(requestOf({ ...known, recordedAt: changed }).recordedAt).toBe('2026-01-02T03:04:06.000Z');
});
