import { createHash, createHmac } from 'node:crypto';
import { signRequest, verifyRequest } from './signature';

const nowMs = Date.parse('2026-01-02T03:04:05.678Z');
const request = {
  secret: 'a secret',
  method: 'POST',
  path: '/probe?x=1',
  body: new TextEncoder().encode('{}'),
  nowMs,
};

describe('signature of a request to a worker', () => {
  it('is the HMAC that the contract writes down, so that a worker in any language can check it', async () => {
    const bodyHash = createHash('sha256').update('{}').digest('hex');
    const expected = createHmac('sha256', 'a secret')
      .update(`1767323045.POST./probe?x=1.${bodyHash}`)
      .digest('hex');
    expect(await signRequest(request)).toBe(`t=1767323045,v1=${expected}`);
  });

  it('is taken for the same request within 30 s', async () => {
    const header = await signRequest(request);
    expect(await verifyRequest({ ...request, header, nowMs: nowMs + 29_000 })).toBe(true);
    expect(await verifyRequest({ ...request, header, nowMs: nowMs + 31_000 })).toBe(false);
    expect(await verifyRequest({ ...request, header, nowMs: nowMs - 31_000 })).toBe(false);
  });

  it.each([
    ['path', { path: '/probe?x=2' }],
    ['method', { method: 'GET' }],
    ['body', { body: new TextEncoder().encode('{"a":1}') }],
    ['secret', { secret: 'another' }],
  ])('is refused for another %s', async (_what, changed) => {
    const header = await signRequest(request);
    expect(await verifyRequest({ ...request, ...changed, header })).toBe(false);
  });

  it('is refused when it is missing or malformed', async () => {
    for (const header of [undefined, '', 't=1', 't=1767323045,v1=zz', `v1=${'0'.repeat(64)}`]) {
      expect(await verifyRequest({ ...request, header })).toBe(false);
    }
  });
});
