import { once } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { LinkedAbort } from './linked-abort';

setFlagsFromString('--expose-gc');
const collectGarbage: unknown = runInNewContext('gc');

describe('LinkedAbort', () => {
  it('aborts with the first signal, for its reason', () => {
    const first = new AbortController();
    const second = new AbortController();
    using linked = new LinkedAbort([first.signal, second.signal]);
    second.abort('enough');
    first.abort('too late');
    expect(linked.signal.reason).toBe('enough');
  });

  it('is aborted from the start when one of them is', () => {
    using linked = new LinkedAbort([new AbortController().signal, AbortSignal.abort('gone')]);
    expect(linked.signal.reason).toBe('gone');
  });

  it('keeps a timeout that nobody else holds, whatever the garbage collector does', async () => {
    using linked = new LinkedAbort([new AbortController().signal, AbortSignal.timeout(200)]);
    const aborted = once(linked.signal, 'abort');
    if (typeof collectGarbage !== 'function') throw new Error('There is no gc().');
    const collecting = setInterval(() => Reflect.apply(collectGarbage, undefined, []), 20);
    await aborted.finally(() => clearInterval(collecting));
    expect(linked.signal.reason).toHaveProperty('name', 'TimeoutError');
  });

  it('leaves nothing at a signal that lives on', () => {
    const long = new AbortController();
    const linked = new LinkedAbort([long.signal]);
    linked[Symbol.dispose]();
    long.abort();
    expect(linked.signal.aborted).toBe(false);
  });
});
