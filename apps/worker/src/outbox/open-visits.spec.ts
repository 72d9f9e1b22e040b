import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WorkerEvent } from '@camfleet/protocol';
import { OpenVisits } from './open-visits';

const anEvent = (trackId: string, state: 'new' | 'update' | 'end', occurredAt: string): WorkerEvent => ({
  id: `${trackId}:${state}`,
  type: 'face',
  cameraId: `camera of ${trackId}`,
  epoch: 3,
  occurredAt,
  trackId,
  state,
  score: 0.9,
  box: [0, 0, 0.1, 0.1],
  embedding: { model: 'm', version: '1', vector: [1] },
});

describe('visits that are open', () => {
  let path = '';
  beforeEach(async () => (path = join(await mkdtemp(join(tmpdir(), 'visits-')), 'open.jsonl')));
  afterEach(() => rm(join(path, '..'), { recursive: true }));

  it('get their end at the next start after a kill -9: nobody stands before the camera for ever', async () => {
    const { visits } = await OpenVisits.load(path);
    await visits.observe([
      anEvent('a', 'new', '2026-01-01T00:00:00.000Z'),
      anEvent('b', 'new', '2026-01-01T00:00:01.000Z'),
    ]);
    await visits.observe([
      anEvent('b', 'update', '2026-01-01T00:00:02.000Z'),
      anEvent('a', 'end', '2026-01-01T00:00:03.000Z'),
    ]);
    await appendFile(path, '{"id":"torn');
    const { interrupted } = await OpenVisits.load(path);
    expect(interrupted).toEqual([
      expect.objectContaining({ id: 'b:end', state: 'end', trackId: 'b', epoch: 3, score: 0.9 }),
    ]);
    expect(interrupted[0]?.occurredAt).toBe('2026-01-01T00:00:02.000Z');
    expect(interrupted[0]?.embedding).toBeUndefined();
  });

  it('are written anew behind a line that a crash tore: what follows would be glued to it, and lost', async () => {
    await writeFile(path, '{"id":"torn');
    const { visits } = await OpenVisits.load(path);
    await visits.observe([anEvent('a', 'new', '2026-01-01T00:00:00.000Z')]);
    expect((await OpenVisits.load(path)).interrupted).toMatchObject([{ id: 'a:end' }]);
  });

  it('of one lost child are not those of the others', async () => {
    const { visits } = await OpenVisits.load(path);
    const [a, b] = [
      anEvent('a', 'new', '2026-01-01T00:00:00.000Z'),
      anEvent('b', 'new', '2026-01-01T00:00:00.000Z'),
    ];
    await visits.observe([a], 0);
    // The same camera, which another child has taken over.
    await visits.observe([{ ...b, cameraId: a.cameraId }], 1);
    expect(visits.endsOf(0).map(({ id }) => id)).toEqual(['a:end']);
  });
});
