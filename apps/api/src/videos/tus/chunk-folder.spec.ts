import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { openChunkFolder, removeLeftChunks } from './chunk-folder';

describe('where parts of uploads are gathered', () => {
  it('holds nothing of processes that were killed, and everything of those that live', async () => {
    const data = mkdtempSync(join(tmpdir(), 'camfleet-chunks-'));
    const { pid: killed } = spawnSync(process.execPath, ['--version']);
    const own = `${hostname()}.${process.pid}`;
    const folders = [
      own,
      `${hostname()}.${killed}`,
      `${hostname()}.${process.ppid}`,
      'other.host.1',
      'other.host.2',
    ];
    for (const name of folders) {
      mkdirSync(join(data, 'uploading', name), { recursive: true });
      writeFileSync(join(data, 'uploading', name, 'chunk-0'), 'bytes');
    }
    const longAgo = new Date(Date.now() - 25 * 3_600_000);
    utimesSync(join(data, 'uploading', 'other.host.2'), longAgo, longAgo);
    await removeLeftChunks(data);
    const opened = await openChunkFolder(data);
    expect(basename(opened)).toBe(own);
    expect(readdirSync(opened)).toEqual([]);
    expect(readdirSync(join(data, 'uploading')).sort()).toEqual([own, folders[2], 'other.host.1'].sort());
    rmSync(data, { recursive: true });
  });
});
