import { ApiError } from '../../api/api-error';
import { camera } from '../../testing/examples';
import {
  changesOf,
  formErrors,
  initialValues,
  newCameraOf,
  serverFormErrors,
  withoutUrlPassword,
} from './camera-form-values';

const values = { ...initialValues(null), name: 'Door', url: 'rtsp://10.0.0.1/live' };

describe('the camera form', () => {
  it('sends no password when none was typed, so that the stored one stays', () => {
    expect(changesOf({ ...values, username: 'admin' }, camera()).source).toEqual({
      url: 'rtsp://10.0.0.1/live',
      username: 'admin',
      transport: 'tcp',
      exclusive: null,
    });
  });

  it('leaves out what does not apply to the address', () => {
    expect(newCameraOf({ ...values, url: 'http://10.0.0.1/video' }).source).toEqual({
      url: 'http://10.0.0.1/video',
    });
    expect(newCameraOf({ ...values, url: 'file:clip.mp4' }).source).toEqual({
      url: 'file:clip.mp4',
      loop: true,
    });
  });

  it('sends of the advanced part only what was changed, and keeps what it does not show', () => {
    const stored = camera({
      require: { gpu: 'true' },
      analysis: { ...camera().analysis, minFaceHeightPx: 40 },
    });
    const typed = initialValues(stored);
    expect(Object.keys(changesOf(typed, stored))).toEqual(['name', 'source']);
    const changed = { ...typed, faces: false, require: [...typed.require, 'zone=b=c'], siteId: ' hall ' };
    expect(changesOf(changed, stored)).toMatchObject({
      analysis: { minFaceHeightPx: 40, faces: { enabled: false, fps: 5 } },
      require: { gpu: 'true', zone: 'b=c' },
      siteId: 'hall',
    });
    expect(changesOf({ ...typed, require: [] }, stored).require).toEqual({});
  });

  it('saves what to look for and where, and nothing of it that was not touched', () => {
    const stored = camera({ analysis: { ...camera().analysis, jobs: ['yolo_boxes'] } });
    const typed = { ...initialValues(stored), objects: true, objectClasses: ['car'], motionGate: true };
    expect(changesOf(typed, stored)).toMatchObject({
      analysis: {
        ...stored.analysis,
        objects: { enabled: true, fps: 5, classes: ['car'] },
        motionGate: true,
      },
    });
    expect(changesOf(typed, stored)).not.toHaveProperty('zones');
    const line = {
      id: 'l',
      name: 'Gate',
      kind: 'line' as const,
      points: [
        [0, 0.5],
        [1, 0.5],
      ] as [number, number][],
    };
    expect(changesOf({ ...typed, zones: [line] }, stored).zones).toEqual([line]);
  });

  it.each([
    ['labels', ['gpu']],
    ['require', ['=true']],
    ['priority', 101],
    ['priority', ''],
    ['facesFps', 0],
    ['objectsFps', 61],
    ['minFaceHeightPx', 1.5],
    [
      'zones',
      [
        {
          id: 'z',
          name: ' ',
          kind: 'line',
          points: [
            [0, 0],
            [1, 1],
          ],
        },
      ],
    ],
  ])('refuses %s of %j at its field', (field, value) => {
    expect(Object.keys(formErrors({ ...values, [field]: value }))).toEqual([field]);
  });

  it.each(['', 'ftp://10.0.0.1/x', 'rtsp://', 'rtsp://a b/'])(
    'refuses the address «%s» at its field',
    (url) => {
      expect(formErrors({ ...values, url }).url).toBeTruthy();
    },
  );

  it('accepts what the server accepts', () => {
    expect(formErrors(values)).toEqual({});
    expect(formErrors({ ...values, name: '  ' }).name).toBeTruthy();
  });

  it("shows the server's objection at the field that it is about", () => {
    const details = [{ path: 'source.url', message: 'must name a host' }];
    expect(serverFormErrors(new ApiError('VALIDATION_FAILED', 'x', { details }))).toEqual({
      url: 'It must name a host',
    });
    const label = [{ path: 'labels.zone', message: 'must be text without NUL characters' }];
    expect(serverFormErrors(new ApiError('VALIDATION_FAILED', 'x', { details: label }))).toHaveProperty(
      'labels',
    );
    expect(serverFormErrors(new ApiError('FORBIDDEN', 'x'))).toEqual({});
  });
});

it('shows no password that was pasted with the address', () => {
  const typed = (url: string) => withoutUrlPassword({ ...initialValues(null), url });
  expect(typed('rtsp://root:p%40ss@10.0.0.1/live')).toMatchObject({
    url: 'rtsp://10.0.0.1/live',
    username: 'root',
    password: 'p@ss',
  });
  expect(typed('rtsp://10.0.0.1:554/a@b')).toMatchObject({ url: 'rtsp://10.0.0.1:554/a@b', password: '' });
});
