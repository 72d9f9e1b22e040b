import { getEventListeners, once } from 'node:events';
import { type Server, createServer } from 'node:http';
import { FAKE_API_KEY, FakeApi } from '@camfleet/testing';
import { ApiClient, ApiUnreachableError } from './api-client';

const NOWHERE = 'http://127.0.0.1:1';
const CALL = { method: 'GET', path: '/api/anything', timeoutMs: 1_000 } as const;

describe('a worker that asks several replicas', () => {
  const apis: FakeApi[] = [];
  const silent: Server[] = [];
  let client: ApiClient;

  async function replica(code?: string): Promise<FakeApi> {
    const api = await FakeApi.start();
    api.fault = () => (code === undefined ? undefined : { status: 503, code });
    apis.push(api);
    return api;
  }
  const ask = (apiUrls: string[], named: string[] = []) => {
    client = new ApiClient({ apiUrls, apiKey: FAKE_API_KEY });
    client.learnUrls(named);
    return client.call(CALL);
  };

  afterEach(async () => {
    await client.close();
    for (const api of apis.splice(0)) await api.stop();
    for (const server of silent.splice(0)) {
      server.close();
      server.closeAllConnections();
    }
  });

  it('believes that there is no database when all say so, an address that leads nowhere from here aside', async () => {
    const [one, two] = [await replica('DATABASE_UNAVAILABLE'), await replica('DATABASE_UNAVAILABLE')];
    const answer = await ask([one.url, two.url], [NOWHERE]);
    expect(answer.errorCode).toBe('DATABASE_UNAVAILABLE');
  });

  it('believes it when an address of its configuration has never answered: nobody may live there', async () => {
    const one = await replica('DATABASE_UNAVAILABLE');
    expect((await ask([NOWHERE, one.url])).errorCode).toBe('DATABASE_UNAVAILABLE');
  });

  it('does not believe it when a replica that it has heard is silent: that one may give the cameras away', async () => {
    const [one, two] = [await replica('DATABASE_UNAVAILABLE'), await replica()];
    expect((await ask([one.url], [two.url])).status).toBe(404);
    await two.stop();
    apis.pop();
    await expect(client.call(CALL)).rejects.toThrow(ApiUnreachableError);
  });

  it('does not believe it when the replicas say different things', async () => {
    const [one, two] = [await replica('DATABASE_UNAVAILABLE'), await replica('INTERNAL_ERROR')];
    await expect(ask([one.url, two.url])).rejects.toThrow(ApiUnreachableError);
  });

  /** Takes connections and says nothing, as a stopped process does. */
  async function silentReplica(): Promise<string> {
    const server = createServer();
    await once(server.listen(0, '127.0.0.1'), 'listening');
    silent.push(server);
    const address = server.address();
    return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  }

  it('goes to another one when one is silent, and stays there: its heartbeats would come too late', async () => {
    const [hanging, two] = [await silentReplica(), await replica()];
    client = new ApiClient({ apiUrls: [hanging, two.url], apiKey: FAKE_API_KEY });
    const left = client.whileUsed(hanging);
    const call = { ...CALL, timeoutMs: 60_000, isRepeatable: true };
    expect((await client.call(call)).url).toBe(two.url);
    expect(client.currentUrl).toBe(two.url);
    expect(left.aborted).toBe(true);
    expect((await client.call({ ...CALL, timeoutMs: 60_000 })).url).toBe(two.url);
  });

  it('takes what waits for a silent replica with it to the next: events would lie there for long', async () => {
    const [hanging, two] = [await silentReplica(), await replica()];
    client = new ApiClient({ apiUrls: [hanging, two.url], apiKey: FAKE_API_KEY });
    const events = client.call({ ...CALL, timeoutMs: 60_000 });
    await client.call({ ...CALL, timeoutMs: 60_000, isRepeatable: true });
    expect((await events).url).toBe(two.url);
  });

  it('gives a slow replica its time when the other is no better', async () => {
    const [slow, two] = [await silentReplica(), await replica('DATABASE_UNAVAILABLE')];
    silent[0]?.on('request', (_request, response) => setTimeout(() => response.end('{}'), 700));
    client = new ApiClient({ apiUrls: [slow, two.url], apiKey: FAKE_API_KEY });
    expect(await client.call({ ...CALL, timeoutMs: 60_000, isRepeatable: true })).toMatchObject({
      url: slow,
      status: 200,
    });
  });

  it('leaves nothing behind of its calls: a worker makes one each second, for years', async () => {
    const one = await replica();
    client = new ApiClient({ apiUrls: [one.url], apiKey: FAKE_API_KEY });
    const stopping = new AbortController();
    for (let i = 0; i < 50; i += 1) await client.call({ ...CALL, signal: stopping.signal });
    expect(getEventListeners(stopping.signal, 'abort')).toEqual([]);
    expect(getEventListeners(client.whileUsed(one.url), 'abort')).toEqual([]);
  });

  it('says how long the API asks to be left alone', async () => {
    const url = await silentReplica();
    silent[0]?.on('request', (_request, response) => {
      response
        .writeHead(429, { 'retry-after': '7' })
        .end('{"error":{"code":"TOO_MANY_REQUESTS","message":"."}}');
    });
    expect(await ask([url])).toMatchObject({
      status: 429,
      errorCode: 'TOO_MANY_REQUESTS',
      retryAfterMs: 7_000,
    });
  });
});
