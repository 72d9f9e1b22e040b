import { once } from 'node:events';
import { WebSocket } from 'ws';
import { ADMIN_KEY, ApiHarness, WORKER_KEY } from '../../testing/api-harness';

const NUL = 'a\u0000b';
const HALF_PAIR = 'a\ud800b';
const source = { url: 'rtsp://127.0.0.1/x' };
const zone = { id: 'z', name: 'z', kind: 'include', points: [[0, 0], [1, 0], [1, 1]] }; // prettier-ignore
const registration = {
  workerId: 'w',
  instanceId: 'i',
  name: 'w',
  publicUrl: 'http://127.0.0.1:1',
  capacity: { cameras: 1 },
  version: '1',
};
const cursor = (value: unknown) => `cursor=${Buffer.from(JSON.stringify(value)).toString('base64url')}`;

describe('what cannot be stored or read', () => {
  let api: ApiHarness;
  beforeAll(async () => {
    api = await ApiHarness.start();
  }, 60_000);
  afterAll(() => api?.stop());

  it.each<[string, string, object]>([
    ['a zone', '/api/cameras', { name: 'c', source, zones: [{ ...zone, name: HALF_PAIR }] }],
    ['an area of two corners', '/api/cameras', { name: 'c', source, zones: [{ ...zone, points: [[0, 0], [1, 1]] }] }], // prettier-ignore
    ['an area in a row', '/api/cameras', { name: 'c', source, zones: [{ ...zone, points: [[0, 0], [0.5, 0.5], [1, 1]] }] }], // prettier-ignore
    ['a line that is a point', '/api/cameras', { name: 'c', source, zones: [{ ...zone, kind: 'line', points: [[0, 0], [0, 0]] }] }], // prettier-ignore
    ['two zones of one id', '/api/cameras', { name: 'c', source, zones: [zone, { ...zone, name: 'b' }] }],
    ['a job', '/api/cameras', { name: 'c', source, analysis: { jobs: [NUL] } }],
    ['a class', '/api/cameras', { name: 'c', source, analysis: { objects: { classes: [NUL] } } }],
    ['a user name', '/api/cameras', { name: 'c', source: { ...source, username: NUL } }],
    ['a password in a URL', '/api/cameras', { name: 'c', source: { url: 'rtsp://a:b%00c@h/x' } }],
    ['a path', '/api/cameras', { name: 'c', source: { url: `rtsp://h/${HALF_PAIR}` } }],
    ['who logs in', '/api/auth/login', { username: NUL, password: 'x' }],
    ['a key', '/api/keys', { name: NUL, role: 'viewer' }],
    ['a user', '/api/users', { username: NUL, password: '0123456789', role: 'viewer' }],
    ['a worker', '/api/workers/register', { ...registration, name: NUL }],
    ['its address', '/api/workers/register', { ...registration, publicUrl: `http://x/${NUL}` }],
    ['its hardware', '/api/workers/register', { ...registration, hardware: { [HALF_PAIR]: 1 } }],
    ['its analyses', '/api/workers/register', { ...registration, analyses: [NUL] }],
    ['a result', '/api/workers/w/commands/c/result', { state: 'failed', error: NUL }],
  ])('is told to whoever sends it as %s', async (_, path, body) => {
    const key = path.startsWith('/api/workers') ? WORKER_KEY : ADMIN_KEY;
    expect(await api.call('POST', path, { key, body })).toMatchObject({
      status: 400,
      body: { error: { code: 'VALIDATION_FAILED' } },
    });
  });

  it.each([
    `/api/cameras?${cursor({ at: 1e308, id: 'x' })}`,
    `/api/cameras?${cursor({ at: -1e15, id: 'x' })}`,
    `/api/cameras?${cursor({ at: 9e15, id: 'x' })}`,
    `/api/cameras?${cursor({ at: 1, id: NUL })}`,
    `/api/events?${cursor({ at: 1.5, id: 'x' })}`,
    `/api/events?view=visits&${cursor({ at: 1e19, id: 'x' })}`,
    '/api/people/unknown?minVisits=2147483648',
    // No zone lies so far from UTC; PostgreSQL takes none beyond 16 hours.
    `/api/events?from=${encodeURIComponent('1971-01-01T00:00:00.000-23:59')}`,
    `/api/events?to=2020-01-01T00:00:00.${'1'.repeat(200)}Z`,
  ])('is told to whoever asks for %s', async (path) => {
    expect(await api.call('GET', path)).toMatchObject({
      status: 400,
      body: { error: { code: 'VALIDATION_FAILED' } },
    });
  });

  it('is found by no id that is longer than any', async () => {
    const path = `/api/people/${'x'.repeat(3_000)}`;
    expect(await api.call('PATCH', path, { body: { name: 'x' } })).toMatchObject({
      status: 404,
      body: { error: { code: 'NOT_FOUND' } },
    });
  });

  it('is no zone whose sides cross: somebody drew it so', async () => {
    const points = [[0, 0], [1, 1], [1, 0], [0, 1]]; // prettier-ignore
    const body = { name: 'c', source, zones: [{ ...zone, points }] };
    expect((await api.call('POST', '/api/cameras', { body })).status).toBe(201);
  });

  it.each(['/api/workers/%ff/link', '/api/workers/%00/link', '//'])(
    'is no WebSocket when it stands in an address (%s)',
    async (path) => {
      const headers = { Authorization: `Bearer ${WORKER_KEY}` };
      const socket = new WebSocket(api.webSocketUrl + path, { headers });
      socket.on('error', () => undefined);
      const [, response] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode: number }];
      socket.terminate();
      expect(response.statusCode).toBe(404);
    },
  );
});
