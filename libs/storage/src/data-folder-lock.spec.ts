import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AlreadyRunningError, lockDataFolder } from './data-folder-lock';

describe('the lock on a data folder', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'camfleet '))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('tells a second start where the first one is', async () => {
    const first = await lockDataFolder(folder);
    first.tell('http://localhost:8080');
    await expect(lockDataFolder(folder)).rejects.toEqual(new AlreadyRunningError('http://localhost:8080'));
    first.release();
  });

  it('is free again when its holder is gone', async () => {
    (await lockDataFolder(folder)).release();
    const second = await lockDataFolder(folder);
    second.release();
  });
});
