import { ApiError } from '../../api/api-error';
import { changesOf, formErrors, initialValues, newCameraOf, serverFormErrors } from './camera-form-values';

const values = { ...initialValues(null), name: 'Door', url: 'rtsp://10.0.0.1/live' };

describe('the camera form', () => {
  it('sends no password when none was typed, so that the stored one stays', () => {
    expect(changesOf({ ...values, username: 'admin' }).source).toEqual({
      url: 'rtsp://10.0.0.1/live',
      username: 'admin',
      transport: 'tcp',
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
    expect(serverFormErrors(new ApiError('FORBIDDEN', 'x'))).toEqual({});
  });
});
