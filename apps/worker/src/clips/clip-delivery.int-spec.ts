import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@camfleet/telemetry';
import { type HttpPeer, startHttpPeer, until } from '@camfleet/testing';
import { ApiClient } from '../fleet/api-client';
import { ClipDelivery } from './clip-delivery';
import { clipPath } from './clip-files';

const HOUR_MS = 3_600_000;
/** What the fleet's clock says: far from that of this machine. */
const NOW_MS = Date.parse('2031-01-01T00:00:00.000Z');

describe('clips that wait for the API', () => {
  let directory: string;
  let peer: HttpPeer;
  let api: ApiClient;
  let delivery: ClipDelivery | undefined;
  /** Events that the API has, and the clips that were put there. */
  let events: Set<string>;
  let stored: string[];
  let asked: number;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'camfleet-clips-'));
    [events, stored, asked] = [new Set(), [], 0];
    peer = await startHttpPeer((request, response) => {
      const [, eventId = '', step] = /events\/([^/]+)\/clip(\/complete)?/.exec(request.url ?? '') ?? [];
      request.resume();
      if (request.method === 'PUT') return void response.end();
      asked += 1;
      const answer = (status: number, body: object) =>
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      if (!events.has(eventId))
        return void answer(404, { error: { code: 'EVENT_NOT_FOUND', message: 'There is no such event.' } });
      if (step) stored.push(eventId);
      return void answer(200, { uploadUrl: '/put' });
    });
    api = new ApiClient({ apiUrls: [peer.url], apiKey: 'key' });
  });

  afterEach(async () => {
    await delivery?.stop();
    await api.close();
    await peer[Symbol.asyncDispose]();
    await rm(directory, { recursive: true });
  });

  /** @param ageMs since its first picture, by the fleet's clock */
  async function clip(eventId: string, { ageMs, writtenAt }: { ageMs: number; writtenAt: Date }) {
    const path = clipPath(directory, { startMs: NOW_MS - ageMs, eventId });
    await writeFile(path, 'clip');
    await utimes(path, writtenAt, writtenAt);
  }

  function deliver(eventsToldUntilMs: number): void {
    const logger = createLogger({ service: 'test', level: 'silent' });
    const retry = { firstMs: 5, capMs: 20 };
    delivery = new ClipDelivery({
      ...{ directory, api, workerId: 'w', logger, retry },
      eventsToldUntilMs: () => eventsToldUntilMs,
    });
  }

  it('wait for their events, however wrong the clock of the machine is', async () => {
    await clip('late', { ageMs: 60_000, writtenAt: new Date(0) });
    deliver(NOW_MS);
    await until('the API was asked again', () => asked > 2);
    events.add('late');
    await until('the clip is stored', () => stored.includes('late'));
    await until('nothing waits', async () => (await readdir(directory)).length === 0);
  });

  it('go when their events were rejected, and stay while these wait in the outbox themselves', async () => {
    const writtenAt = new Date();
    await clip('rejected', { ageMs: 3 * HOUR_MS, writtenAt });
    await clip('waiting', { ageMs: HOUR_MS, writtenAt });
    deliver(NOW_MS - HOUR_MS + 5_000);
    await until('one is gone', async () => (await readdir(directory)).length === 1);
    events.add('waiting');
    await until('the other one is stored', () => stored.includes('waiting'));
    expect(stored).toEqual(['waiting']);
  });
});
