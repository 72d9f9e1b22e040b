import { digestResponse } from './digest';

describe('Digest authentication', () => {
  it('gives the response of the example in RFC 2617, section 3.5', () => {
    const credentials = { username: 'Mufasa', password: 'Circle Of Life' };
    const fields = {
      realm: 'testrealm@host.com',
      nonce: 'dcd98b7102dd2f0e8b11d0f600bfb0c093',
      method: 'GET',
      uri: '/dir/index.html',
      qop: 'auth',
      nc: '00000001',
      cnonce: '0a4f113b',
    };
    expect(digestResponse(credentials, fields)).toBe('6629fae49393a05397450978507c4ef1');
  });

  it('gives the older form without qop, which many cameras and players speak', () => {
    // md5(md5('u:r:p') + ':n:' + md5('DESCRIBE:/x')), worked out with md5sum.
    const fields = { realm: 'r', nonce: 'n', method: 'DESCRIBE', uri: '/x' };
    expect(digestResponse({ username: 'u', password: 'p' }, fields)).toBe(MD5_OF_OLDER_FORM);
  });
});

const MD5_OF_OLDER_FORM = 'b156b5ca33a949d39f00117eb6e8b43c';
