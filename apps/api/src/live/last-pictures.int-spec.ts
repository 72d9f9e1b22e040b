import { CamerasRepository, Database } from '@camfleet/database';
import { DiskAssetStore } from '@camfleet/storage';
import { createLogger } from '@camfleet/telemetry';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiHarness, eventually } from '../../testing/api-harness';
import { LastPictures } from './last-pictures';

class WatchedStore extends DiskAssetStore {
  deletions = 0;

  override async delete(key: string): Promise<void> {
    await super.delete(key);
    this.deletions += 1;
  }
}

describe('last pictures', () => {
  it('stay of a camera that is there, and not of one deleted while its picture came', async () => {
    const api = await ApiHarness.start();
    const folder = mkdtempSync(join(tmpdir(), 'camfleet-pictures-'));
    const database = new Database(api.databaseUrl);
    const store = new WatchedStore(folder);
    const logger = createLogger({ service: 'test', level: 'error' });
    const pictures = new LastPictures(store, new CamerasRepository(database), { logger });
    const picture = { jpeg: Buffer.from('ffd8ffd9', 'hex'), timestampMs: 1 };
    const [kept, deleted] = [await api.createCamera(), await api.createCamera()];
    await api.call('DELETE', `/api/cameras/${deleted}`);

    pictures.keep(kept, picture);
    pictures.keep(deleted, picture);
    await eventually('the file of the deleted one goes', () => store.deletions === 1);
    expect(await pictures.find(deleted)).toBeNull();
    expect(await eventually('the other', () => pictures.find(kept))).toEqual(picture);

    const last = { ...picture, timestampMs: 2 };
    pictures.keep(kept, last);
    await pictures.close();
    pictures.keep(kept, { ...picture, timestampMs: 3 });
    expect(await pictures.find(kept)).toEqual(last);

    await database.close();
    await api.stop();
    rmSync(folder, { recursive: true });
  });
});
