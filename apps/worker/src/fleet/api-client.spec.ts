import { FAKE_API_KEY, FakeApi } from '@camfleet/testing';
import { ApiClient, ApiUnreachableError } from './api-client';

const NOWHERE = 'http://127.0.0.1:1';
const CALL = { method: 'GET', path: '/api/anything', timeoutMs: 1_000 } as const;

describe('a worker that asks several replicas', () => {
  const apis: FakeApi[] = [];
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
  });

  it('believes that there is no database when all say so, an address that leads nowhere from here aside', async () => {
    const [one, two] = [await replica('DATABASE_UNAVAILABLE'), await replica('DATABASE_UNAVAILABLE')];
    const answer = await ask([one.url, two.url], [NOWHERE]);
    expect(answer.errorCode).toBe('DATABASE_UNAVAILABLE');
  });

  it('does not believe it when a replica that it knows is silent: that one may give the cameras away', async () => {
    const one = await replica('DATABASE_UNAVAILABLE');
    await expect(ask([one.url, NOWHERE])).rejects.toThrow(ApiUnreachableError);
    const two = await replica();
    await client.close();
    client = new ApiClient({ apiUrls: [one.url], apiKey: FAKE_API_KEY });
    client.learnUrls([two.url]);
    expect((await client.call(CALL)).status).toBe(404);
    await two.stop();
    apis.pop();
    await expect(client.call(CALL)).rejects.toThrow(ApiUnreachableError);
  });

  it('does not believe it when the replicas say different things', async () => {
    const [one, two] = [await replica('DATABASE_UNAVAILABLE'), await replica('INTERNAL_ERROR')];
    await expect(ask([one.url, two.url])).rejects.toThrow(ApiUnreachableError);
  });
});
