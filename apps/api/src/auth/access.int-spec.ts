import { ApiHarness, WORKER_KEY } from '../../testing/api-harness';

const PASSWORD = 'a long enough password';

describe('access', () => {
  let api: ApiHarness;
  beforeAll(async () => {
    api = await ApiHarness.start();
    await api.createFirstAdmin('admin', PASSWORD);
  });
  afterAll(() => api.stop());

  const login = (username: string, password: string) =>
    api.call('POST', '/api/auth/login', { key: null, body: { username, password } });
  const cookieOf = async (username: string, password: string) => {
    const { headers } = await login(username, password);
    return headers.get('set-cookie')?.split(';')[0] ?? '';
  };
  const createKey = async (role: string) =>
    (await api.call<{ id: string; key: string }>('POST', '/api/keys', { body: { name: role, role } })).body;

  it('makes the first admin once', async () => {
    expect(await api.createFirstAdmin('another', PASSWORD)).toBe(false);
  });

  it('logs in with a cookie that scripts cannot read, and out again', async () => {
    const answer = await login('admin', PASSWORD);
    expect(answer).toMatchObject({ status: 200, body: { name: 'admin', role: 'admin', kind: 'user' } });
    expect(answer.body).not.toHaveProperty('everything');
    expect(answer.headers.get('set-cookie')).toMatch(/HttpOnly; SameSite=Strict/);
    const headers = { Cookie: answer.headers.get('set-cookie')?.split(';')[0] ?? '' };
    expect((await api.call('GET', '/api/auth/me', { key: null, headers })).status).toBe(200);
    expect((await api.call('POST', '/api/auth/logout', { key: null, headers })).status).toBe(204);
    expect((await api.call('GET', '/api/auth/me', { key: null, headers })).status).toBe(401);
  });

  it('makes guessing slow, without locking out the one who knows the password elsewhere', async () => {
    for (let attempt = 0; attempt < 10; attempt += 1)
      expect((await login('victim', `guess ${attempt}`)).body).toMatchObject({
        error: { code: 'INVALID_CREDENTIALS' },
      });
    const refused = await login('victim', 'guess');
    expect(refused).toMatchObject({ status: 429, body: { error: { code: 'TOO_MANY_REQUESTS' } } });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await login('admin', PASSWORD)).status).toBe(200);
  });

  it.each([
    ['viewer', { read: 200, start: 403, create: 403, keys: 403 }],
    ['operator', { read: 200, start: 404, create: 403, keys: 403 }],
    ['admin', { read: 200, start: 404, create: 201, keys: 200 }],
    ['worker', { read: 403, start: 403, create: 403, keys: 403 }],
  ])('lets a %s do what the role says and no more', async (role, expected) => {
    const { key } = await createKey(role);
    const body = { name: 'x', source: { url: 'rtsp://h/x' } };
    expect({
      read: (await api.call('GET', '/api/cameras', { key })).status,
      start: (await api.call('POST', '/api/cameras/none/stream/start', { key })).status,
      create: (await api.call('POST', '/api/cameras', { key, body })).status,
      keys: (await api.call('GET', '/api/keys', { key })).status,
    }).toEqual(expected);
  });

  it('shows a key once, and lets nobody in with a deleted one', async () => {
    const { id, key } = await createKey('viewer');
    expect(JSON.stringify((await api.call('GET', '/api/keys')).body)).not.toContain(key);
    expect((await api.call('DELETE', `/api/keys/${id}`)).status).toBe(204);
    expect((await api.call('GET', '/api/cameras', { key })).status).toBe(401);
    expect((await api.call('DELETE', `/api/keys/${id}`)).status).toBe(404);
  });

  it('lets people change their own password, which ends their other sessions, and nothing else', async () => {
    const body = { username: 'eve', password: PASSWORD, role: 'viewer' };
    const { id } = (await api.call<{ id: string }>('POST', '/api/users', { body })).body;
    const headers = { Cookie: await cookieOf('eve', PASSWORD) };
    const patch = (change: object) =>
      api.call('PATCH', `/api/users/${id}`, { key: null, headers, body: change });
    expect((await patch({ role: 'admin' })).status).toBe(403);
    expect((await patch({ password: 'another long password' })).status).toBe(200);
    expect((await patch({ password: PASSWORD })).status).toBe(401);
    expect((await api.call('POST', '/api/users', { body })).body).toMatchObject({
      error: { code: 'USERNAME_TAKEN' },
    });
  });

  it('lists keys page by page', async () => {
    for (const role of ['viewer', 'operator', 'admin']) await createKey(role);
    type Page = { items: { id: string }[]; nextCursor: string | null };
    const first = (await api.call<Page>('GET', '/api/keys?limit=2')).body;
    const second = (await api.call<Page>('GET', `/api/keys?limit=2&cursor=${first.nextCursor}`)).body;
    expect(first.items).toHaveLength(2);
    expect(second.items.length).toBeGreaterThan(0);
    expect(first.items.map(({ id }) => id)).not.toContain(second.items[0]?.id);
  });

  it('keeps the last admin', async () => {
    const users = await api.call<{ items: { id: string; username: string }[] }>('GET', '/api/users');
    const id = users.body.items.find(({ username }) => username === 'admin')?.id;
    expect((await api.call('DELETE', `/api/users/${id}`)).body).toMatchObject({
      error: { code: 'LAST_ADMIN' },
    });
    expect((await api.call('PATCH', `/api/users/${id}`, { body: { role: 'viewer' } })).status).toBe(409);
  });

  it('keeps one of two admins who remove each other at once', async () => {
    const headers = { 'X-Tenant-Id': 'rivals' };
    for (const method of ['DELETE', 'PATCH']) {
      const create = async (username: string) =>
        (
          await api.call<{ id: string }>('POST', '/api/users', {
            headers,
            body: { username: `${username} ${method}`, password: PASSWORD, role: 'admin' },
          })
        ).body.id;
      const left = method === 'DELETE' ? [] : await admins();
      const ids = [...left, await create('one'), await create('two'), await create('three')];
      const body = method === 'PATCH' ? { role: 'viewer' } : undefined;
      const remove = (id: string) => api.call(method, `/api/users/${id}`, { headers, body });
      const statuses = (await Promise.all(ids.map(remove))).map(({ status }) => status);
      expect(statuses.filter((status) => status === 409)).toHaveLength(1);
      expect(await admins()).toHaveLength(1);
    }
    async function admins(): Promise<string[]> {
      type Users = { items: { id: string; role: string }[] };
      const { items } = (await api.call<Users>('GET', '/api/users', { headers })).body;
      return items.filter(({ role }) => role === 'admin').map(({ id }) => id);
    }
  });

  it("opens one camera's feed and snapshot with a ticket, and nothing else", async () => {
    const [mine, other] = [await api.createCamera(), await api.createCamera()];
    const { ticket } = (await api.call<{ ticket: string }>('POST', `/api/cameras/${mine}/stream/ticket`))
      .body;
    const codeOf = async (path: string) =>
      (await api.call<{ error: { code: string } }>('GET', path, { key: null })).body.error.code;
    // The camera is stopped: to be told so is to have been let in.
    expect(await codeOf(`/api/cameras/${mine}/stream/feed?ticket=${ticket}`)).toBe('STREAM_STOPPED');
    expect(await codeOf(`/api/cameras/${mine}/snapshot.jpg?ticket=${ticket}`)).toBe('SNAPSHOT_NOT_FOUND');
    expect(await codeOf(`/api/cameras/${other}/stream/feed?ticket=${ticket}`)).toBe('TICKET_INVALID');
    expect(await codeOf(`/api/cameras/${mine}/stream/feed?ticket=${ticket}x`)).toBe('TICKET_INVALID');
    expect(await codeOf(`/api/cameras/${mine}?ticket=${ticket}`)).toBe('UNAUTHORIZED');
  });

  it("hides one tenant's cameras from another's keys", async () => {
    const id = await api.createCamera();
    const headers = { 'X-Tenant-Id': 'elsewhere' };
    const body = { name: 'theirs', source: { url: 'rtsp://h/x' } };
    expect((await api.call('POST', '/api/cameras', { headers, body })).status).toBe(201);
    expect((await api.call('GET', `/api/cameras/${id}`, { headers })).body).toMatchObject({
      error: { code: 'CAMERA_NOT_FOUND' },
    });
  });

  it('says nothing to nobody, but that it lives', async () => {
    expect((await api.call('GET', '/api/cameras', { key: null })).body).toMatchObject({
      error: { code: 'UNAUTHORIZED' },
    });
    expect((await api.call('GET', '/healthz', { key: null })).status).toBe(200);
    expect((await api.call('GET', '/readyz', { key: null })).body).toEqual({ status: 'ready' });
    expect((await api.call('GET', '/api/cameras', { key: WORKER_KEY })).status).toBe(403);
  });
});
