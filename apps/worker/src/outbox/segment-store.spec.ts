import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OutboxEvent } from './record';
import { SegmentStore } from './segment-store';

const EVENT: OutboxEvent = {
  event: { id: 'e', type: 'camera.online', cameraId: 'c', epoch: 1, occurredAt: '2026-01-01T00:00:00.000Z' },
};

describe('the segments of the outbox', () => {
  let directory = '';
  let store: SegmentStore;
  let datasync: jest.SpyInstance;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'segments-'));
    const handle = await open(directory);
    datasync = jest.spyOn(Object.getPrototypeOf(handle), 'datasync');
    await handle.close();
    store = await SegmentStore.open(directory);
    await store.roll(1);
    await store.append([EVENT]);
  });
  afterEach(async () => {
    await store.close();
    datasync.mockRestore();
    await rm(directory, { recursive: true });
  });

  it('are on the disk before the next one is begun: a loss of power would take the last second of each', async () => {
    await store.roll(2);
    expect(datasync).toHaveBeenCalledTimes(1);
  });

  it('are synced again after the disk failed to: what it did not take is not forgotten', async () => {
    datasync.mockRejectedValueOnce(new Error('EIO'));
    await expect(store.sync()).rejects.toThrow('EIO');
    await store.sync();
    await store.sync();
    expect(datasync).toHaveBeenCalledTimes(2);
  });
});
