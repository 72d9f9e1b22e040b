import { createHash } from 'node:crypto';
import { answerChallenge } from './http-auth';

const md5 = (text: string) => createHash('md5').update(text).digest('hex');
const credentials = { username: 'Mufasa', password: 'Circle of Life' };
const request = { method: 'GET', uri: '/dir/index.html', credentials };
const field = (header: string | undefined, name: string) =>
  new RegExp(`\\b${name}="?([^",]+)`).exec(header ?? '')?.[1] ?? '';

describe('answerChallenge', () => {
  it('answers a Digest challenge without qop with the response of RFC 2069', () => {
    const answer = answerChallenge(['Digest realm="r", nonce="n"'], request);
    const expected = md5(`${md5('Mufasa:r:Circle of Life')}:n:${md5('GET:/dir/index.html')}`);
    expect(field(answer, 'response')).toBe(expected);
  });

  it('answers qop=auth with its own nonce counted in', () => {
    const answer = answerChallenge(
      ['Basic realm="x"', 'Digest realm="r@h", qop="auth,auth-int", nonce="n", opaque="o"'],
      request,
    );
    const cnonce = field(answer, 'cnonce');
    const ha1 = md5('Mufasa:r@h:Circle of Life');
    expect(field(answer, 'response')).toBe(
      md5(`${ha1}:n:00000001:${cnonce}:auth:${md5('GET:/dir/index.html')}`),
    );
    expect(field(answer, 'opaque')).toBe('o');
  });

  it('answers Basic, and nothing to what it does not know', () => {
    expect(answerChallenge(['Basic realm="cam"'], request)).toBe(
      `Basic ${Buffer.from('Mufasa:Circle of Life').toString('base64')}`,
    );
    expect(answerChallenge(['Negotiate'], request)).toBeUndefined();
  });
});
