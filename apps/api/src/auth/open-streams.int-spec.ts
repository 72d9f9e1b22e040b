import { WebSocket } from 'ws';
import { ApiHarness, eventually } from '../../testing/api-harness';
import { FeedViewer } from '../../testing/feed-viewer';
import { TestWorker } from '../../testing/test-worker';

const PASSWORD = 'a long enough password';
/** Of a busy machine; an idle one takes a tenth of it. */
const SOON_MS = 3_000;

describe('what a person or program has open', () => {
  let here: ApiHarness;
  let there: ApiHarness;
  let worker: TestWorker;
  let cameraId: string;
  const open: (() => void)[] = [];

  const createKey = async () =>
    (
      await here.call<{ id: string; key: string }>('POST', '/api/keys', {
        body: { name: 'k', role: 'operator' },
      })
    ).body;
  const feedPath = () => `/api/cameras/${cameraId}/stream/feed`;
  const socket = async (headers: Record<string, string>, path = '/api/live') => {
    const opened = new WebSocket(`${there.webSocketUrl}${path}`, { headers });
    open.push(() => opened.terminate());
    let code: number | undefined;
    opened.on('close', (closed) => (code = closed));
    await new Promise((resolve, reject) => opened.once('open', resolve).once('error', reject));
    return { closedWith: () => code };
  };
  const feed = async (key: string | null, query = '') => {
    const viewer = await FeedViewer.open(`${there.url}${feedPath()}${query}`, key);
    open.push(() => viewer.close());
    return viewer;
  };
  const createUser = async (username: string) => {
    const body = { username, password: PASSWORD, role: 'operator' };
    const { id } = (await here.call<{ id: string }>('POST', '/api/users', { body })).body;
    return { id, cookie: await login(username), again: () => login(username) };
  };
  const login = async (username: string) => {
    const body = { username, password: PASSWORD };
    const { headers } = await here.call('POST', '/api/auth/login', { key: null, body });
    return headers.get('set-cookie')?.split(';')[0] ?? '';
  };

  beforeAll(async () => {
    here = await ApiHarness.start({ leaseTtlMs: 60_000 });
    there = await here.startReplica();
    worker = await new TestWorker(here, 'w').online();
    cameraId = await here.createCamera();
    await here.call('POST', `/api/cameras/${cameraId}/stream/start`);
    await worker.heartbeat();
  });
  afterEach(() => {
    for (const close of open.splice(0)) close();
  });
  afterAll(async () => {
    await worker.die();
    await there.stop();
    await here.stop();
  });

  it('ends with the key, on every replica, and what others have open does not', async () => {
    const [mine, other] = [await createKey(), await createKey()];
    const bearer = (key: string) => ({ Authorization: `Bearer ${key}` });
    const ended = await feed(mine.key);
    const sockets = [await socket(bearer(mine.key)), await socket(bearer(mine.key), '/api/live/video')];
    const stays = await feed(other.key);
    const staysToo = await socket(bearer(other.key));
    await here.call('DELETE', `/api/keys/${mine.id}`);
    await eventually('the end', () => ended.ended && sockets.every((s) => s.closedWith() === 1008), SOON_MS);
    expect([stays.ended, staysToo.closedWith()]).toEqual([false, undefined]);
  });

  it('is not opened again with that key: at once here, and within a second elsewhere', async () => {
    const { id, key } = await createKey();
    const statusOn = async (api: ApiHarness) => (await api.call('GET', '/api/cameras', { key })).status;
    expect([await statusOn(here), await statusOn(there)]).toEqual([200, 200]);
    await here.call('DELETE', `/api/keys/${id}`);
    expect(await statusOn(here)).toBe(401);
    await eventually('the refusal', async () => (await statusOn(there)) === 401, 1_000);
  });

  it('ends with the session that was logged out, and not with the others', async () => {
    const user = await createUser('ann');
    const other = await socket({ Cookie: await user.again() });
    const mine = await socket({ Cookie: user.cookie });
    await here.call('POST', '/api/auth/logout', { key: null, headers: { Cookie: user.cookie } });
    await eventually('the end', () => mine.closedWith() === 1008, SOON_MS);
    expect(other.closedWith()).toBeUndefined();
  });

  it.each([
    ['a lower role', (id: string) => here.call('PATCH', `/api/users/${id}`, { body: { role: 'viewer' } })],
    [
      'a new password',
      (id: string) => here.call('PATCH', `/api/users/${id}`, { body: { password: `${PASSWORD}!` } }),
    ],
    ['the deletion of its user', (id: string) => here.call('DELETE', `/api/users/${id}`)],
  ])('ends with %s', async (what, change) => {
    const user = await createUser(`bob of ${what}`);
    const mine = await socket({ Cookie: user.cookie });
    expect((await change(user.id)).status).toBeLessThan(300);
    await eventually('the end', () => mine.closedWith() === 1008, SOON_MS);
  });

  it('lives on when it was opened with a ticket', async () => {
    const { id, key } = await createKey();
    const { ticket } = (
      await here.call<{ ticket: string }>('POST', `/api/cameras/${cameraId}/stream/ticket`, { key })
    ).body;
    const byKey = await feed(key);
    const byTicket = await feed(null, `?ticket=${ticket}`);
    await here.call('DELETE', `/api/keys/${id}`);
    await eventually('the end of the other', () => byKey.ended, SOON_MS);
    expect(byTicket.ended).toBe(false);
  });
});
