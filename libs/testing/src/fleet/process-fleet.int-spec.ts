import { existsSync } from 'node:fs';

import { ProcessFleet } from './process-fleet';
import { descendantsOf } from '../program/process-tree';

describe('a fleet of processes', () => {
  it('leaves no folder and no server behind when its database does not start', async () => {
    let folder = '';
    const before = descendantsOf(process.pid);
    const starting = ProcessFleet.start({
      replicas: 1,
      startDatabase: ({ dataDirectory }) => {
        folder = dataDirectory;
        expect(descendantsOf(process.pid)).toHaveLength(before.length + 1);
        return Promise.reject(new Error('no room'));
      },
    });
    await expect(starting).rejects.toThrow('no room');
    expect(existsSync(folder)).toBe(false);
    expect(descendantsOf(process.pid)).toEqual(before);
  });
});
