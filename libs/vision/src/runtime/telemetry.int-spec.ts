import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fetchModels } from '../models/fetch-models';

const MODELS = join(__dirname, '../../../../.models');
const PROGRAM = `
  require(process.argv[1]).startVision({ modelsDirectory: process.argv[2] })
    .then((vision) => vision.detectFaces({ data: new Uint8Array(320 * 240 * 3), width: 320, height: 240 }).then(() => vision.close()));
`;

describe('the inference library', () => {
  it('keeps no identifier of the user, and so tells nobody of them', async () => {
    await fetchModels({ directory: MODELS });
    const home = await mkdtemp(join(tmpdir(), 'camfleet-home-'));
    const env = { PATH: process.env.PATH, HOME: home, XDG_CACHE_HOME: join(home, '.cache'), TMPDIR: home };
    await promisify(execFile)(
      process.execPath,
      ['-e', PROGRAM, join(__dirname, '../../dist/index.js'), MODELS],
      { env },
    );
    expect(await readdir(home)).toEqual([]);
    await rm(home, { recursive: true });
  });
});
