import { existsSync } from 'node:fs';
import { until } from '../peers/until';
import { ProcessFleet } from './process-fleet';
import { descendantsOf } from '../program/process-tree';

describe('a fleet of processes', () => {
  it('leaves no folder and no server behind when its database does not start', async () => {
    let folder = '';
    const before = descendantsOf(process.pid);
    const started = () => descendantsOf(process.pid).filter((pid) => !before.includes(pid));
    const starting = ProcessFleet.start({
      replicas: 1,
      startDatabase: ({ dataDirectory }) => {
        folder = dataDirectory;
        expect(started()).not.toEqual([]);
        return Promise.reject(new Error('no room'));
      },
    });
    await expect(starting).rejects.toThrow('no room');
    expect(existsSync(folder)).toBe(false);
    await until('its servers are gone', () => Promise.resolve(started().length === 0));
  });
});
