import { ApiHarness } from '../../testing/api-harness';

interface CameraBody {
  id: string;
  name: string;
  source: { url: string; username?: string; hasPassword: boolean };
}

type OpenApi = { paths: Record<string, Record<string, { summary?: string; description?: string }>> };

describe('cameras', () => {
  let api: ApiHarness;
  beforeAll(async () => {
    api = await ApiHarness.start();
  });
  afterAll(() => api.stop());

  it('takes the password out of the URL and never gives it back', async () => {
    const body = { name: 'Gate', source: { url: 'rtsp://root:s3cret@cam.example/live' } };
    const created = await api.call<CameraBody>('POST', '/api/cameras', { body });
    expect(created).toMatchObject({
      status: 201,
      body: {
        desired: 'stopped',
        source: { url: 'rtsp://cam.example/live', username: 'root', hasPassword: true },
      },
    });
    const seen = [
      created,
      await api.call('GET', '/api/cameras'),
      await api.call('GET', `/api/cameras/${created.body.id}`),
    ];
    for (const answer of seen) expect(JSON.stringify(answer.body)).not.toContain('s3cret');
  });

  it('hides the secrets in a query, and keeps them when it is handed back as it was shown', async () => {
    const id = await api.createCamera({ source: { url: 'http://cam.example/v.cgi?user=a&pwd=s3cret' } });
    const edit = async (url: string) =>
      (await api.call<CameraBody>('PATCH', `/api/cameras/${id}`, { body: { source: { url } } })).body.source
        .url;
    expect(await edit('http://cam.example/v.cgi?user=a&pwd=***')).toBe(
      'http://cam.example/v.cgi?user=a&pwd=***',
    );
    expect(JSON.stringify((await api.call('GET', `/api/cameras/${id}`)).body)).not.toContain('s3cret');
  });

  it('keeps the stored password through an edit, but not for another host', async () => {
    const id = await api.createCamera({ source: { url: 'rtsp://u:pw@a.example/1' } });
    const edit = async (source: object) =>
      (await api.call<CameraBody>('PATCH', `/api/cameras/${id}`, { body: { source } })).body.source;
    expect(await edit({ url: 'rtsp://a.example/2' })).toEqual({
      url: 'rtsp://a.example/2',
      username: 'u',
      hasPassword: true,
    });
    expect(await edit({ url: 'rtsp://attacker.example/2' })).toMatchObject({ hasPassword: false });
  });

  it('takes new credentials from a new URL, and clears what is set to null', async () => {
    const id = await api.createCamera({ source: { url: 'rtsp://old:pw@a.example/1', transport: 'udp' } });
    const edit = async (source: object) =>
      (await api.call<CameraBody>('PATCH', `/api/cameras/${id}`, { body: { source } })).body.source;
    expect(await edit({ url: 'rtsp://new:other@a.example/1' })).toEqual({
      url: 'rtsp://a.example/1',
      username: 'new',
      hasPassword: true,
      transport: 'udp',
    });
    expect(await edit({ username: null, password: null, transport: null })).toEqual({
      url: 'rtsp://a.example/1',
      hasPassword: false,
    });
  });

  it.each([
    ['a NUL in the name', { name: 'a\u0000b', source: { url: 'rtsp://h/x' } }, 'name'],
    ['another scheme', { name: 'x', source: { url: 'gopher://h/x' } }, 'source.url'],
    ['no host', { name: 'x', source: { url: 'rtsp:///x' } }, 'source.url'],
    ['a space in the URL', { name: 'x', source: { url: 'rtsp://h/a b' } }, 'source.url'],
    ['an unknown field', { name: 'x', source: { url: 'rtsp://h/x' }, colour: 'red' }, ''],
    ['no name', { source: { url: 'rtsp://h/x' } }, 'name'],
    ['a priority of 101', { name: 'x', source: { url: 'rtsp://h/x' }, priority: 101 }, 'priority'],
  ])('refuses %s and says where', async (_what, body, path) => {
    expect(await api.call('POST', '/api/cameras', { body })).toMatchObject({
      status: 400,
      body: { error: { code: 'VALIDATION_FAILED', details: [{ path }] } },
    });
  });

  it.each([
    ['is not JSON', '{"name":', {}, 400, 'VALIDATION_FAILED'],
    [
      'is of another type',
      'name=x',
      { 'Content-Type': 'application/x-www-form-urlencoded' },
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    ['is text', 'name=x', { 'Content-Type': 'text/plain' }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['is too large', JSON.stringify({ name: 'x'.repeat(2_000_000) }), {}, 413, 'BODY_TOO_LARGE'],
  ] as const)('refuses a body that %s', async (...[, body, headers, status, code]) => {
    expect(await api.call('POST', '/api/cameras', { body, headers })).toMatchObject({
      status,
      body: { error: { code } },
    });
  });

  it('lists page by page, each camera once', async () => {
    const added = new Set<string>();
    for (let n = 0; n < 5; n += 1) added.add(await api.createCamera());
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const query: string = cursor ? `&cursor=${cursor}` : '';
      const page: { body: { items: CameraBody[]; nextCursor: string | null } } = await api.call(
        'GET',
        `/api/cameras?limit=2${query}`,
      );
      seen.push(...page.body.items.map(({ id }) => id));
      cursor = page.body.nextCursor;
    } while (cursor);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual(expect.arrayContaining([...added]));
    expect((await api.call('GET', '/api/cameras?cursor=nonsense')).status).toBe(400);
    expect((await api.call('GET', '/api/cameras?limit=501')).status).toBe(400);
  });

  it('says that there is no worker to test a source with', async () => {
    const body = { source: { url: 'rtsp://h/x' } };
    expect(await api.call('POST', '/api/cameras/probe', { body })).toMatchObject({
      status: 503,
      body: { error: { code: 'NO_WORKER_AVAILABLE' } },
    });
  });

  it.each([
    '/api/cameras/%00',
    '/api/events/%00',
    '/api/events/none/snapshot.jpg',
    '/api/cameras/none',
    '/api/events/none',
    '/api/commands/none',
    '/api/workers/none',
    '/api/none',
  ])('answers %s, which does not exist, with 404 and a code', async (path) => {
    expect(await api.call('GET', path)).toMatchObject({
      status: 404,
      body: { error: { code: expect.stringMatching(/NOT_FOUND$/) } },
    });
  });

  it('takes an announced JSON body that is empty where none is needed', async () => {
    const id = await api.createCamera();
    const headers = { 'Content-Type': 'application/json' };
    expect((await api.call('POST', `/api/cameras/${id}/stream/stop`, { headers })).status).toBe(202);
  });

  it('publishes what it takes: OpenAPI that says what every route does and who may, JSON Schemas of the messages', async () => {
    const { paths } = (await api.call<OpenApi>('GET', '/api/openapi.json', { key: null })).body;
    expect(Object.keys(paths)).toEqual(
      expect.arrayContaining([
        '/api/cameras',
        '/api/cameras/{id}/stream/feed',
        '/api/cameras/{id}/assignments',
        '/api/workers/{id}/heartbeat',
        '/api/events',
      ]),
    );
    const operations = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ ...operation, at: `${method} ${path}` })),
    );
    expect(operations.filter(({ summary }) => !summary).map(({ at }) => at)).toEqual([]);
    expect(operations.filter(({ description }) => !description).map(({ at }) => at)).toEqual([]);
    expect(operations.find(({ at }) => at === 'delete /api/videos/{id}')).toMatchObject({
      description: expect.stringContaining('Role: `admin`'),
      responses: { default: expect.anything() },
    });
    const schema = await api.call('GET', '/api/schemas/heartbeat.json', { key: null });
    expect(schema.body).toMatchObject({
      type: 'object',
      required: expect.arrayContaining(['instanceId', 'cameras']),
    });
  });
});
