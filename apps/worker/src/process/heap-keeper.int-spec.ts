import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const KEEPER = join(__dirname, '..', '..', 'dist', 'process', 'heap-keeper.js');

/** Objects live just long enough to become old, as those of a camera do; prints the most that was ever held, MiB. */
const PROGRAM = `
  require(${JSON.stringify(KEEPER)}).keepHeapSmall({ lookIntervalMs: 20 });
  const { getHeapStatistics } = require('node:v8');
  const held = [];
  let most = 0;
  let rounds = 0;
  const timer = setInterval(() => {
    held.push(Array.from({ length: 5_000 }, (_, index) => new Array(20).fill(index)));
    if (held.length > 3) held.shift();
    most = Math.max(most, getHeapStatistics().used_heap_size);
    rounds += 1;
    if (rounds < 150) return;
    clearInterval(timer);
    console.log(most / 1024 ** 2);
  }, 10);
`;
const FLAGS = ['--max-semi-space-size=1', '--initial-old-space-size=64', '--expose-gc'];

describe('keepHeapSmall', () => {
  it('keeps a child from growing by objects that are dead', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [...FLAGS, '-e', PROGRAM]);
    expect(Number(stdout)).toBeGreaterThan(0);
    expect(Number(stdout)).toBeLessThan(35); // about 10; V8 by itself lets it come to 65
  });

  it('says so when it cannot', async () => {
    const program = `require(${JSON.stringify(KEEPER)}).keepHeapSmall()`;
    await expect(promisify(execFile)(process.execPath, ['-e', program])).rejects.toThrow(/--expose-gc/);
  });
});
