import { once } from 'node:events';
import { createServer } from 'node:net';
import { askHealth } from './worker-health';

it('sees that a worker is gone though its last connections were still taken while it ended', async () => {
  let asked = 0;
  const ending = createServer((socket) => {
    asked += 1;
    // What was in the listener's queue when the process ended.
    socket.resetAndDestroy();
    ending.close();
  });
  ending.listen(0, '127.0.0.1');
  await once(ending, 'listening');
  const address = ending.address();
  if (address === null || typeof address === 'string') throw new Error('It has no port.');
  expect(await askHealth(`http://127.0.0.1:${address.port}`)).toEqual({ kind: 'refused' });
  expect(asked).toBe(1);
});
