import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { z } from 'zod';

/** Runs a file of this folder in a process of its own, and takes the one message that it sends. */
export async function runEntry<T>(
  file: string,
  { answer, withinMs }: { answer: z.ZodType<T>; withinMs: number },
): Promise<T> {
  const child = fork(join(__dirname, file));
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const given = new AbortController();
  const timer = setTimeout(
    () => given.abort(new Error(`It took longer than ${withinMs / 60_000} minutes.`)),
    withinMs,
  );
  child.once('exit', (code) => given.abort(new Error(`${file} ended with code ${code}.`)));
  try {
    const [message] = await once(child, 'message', { signal: given.signal });
    return answer.parse(message);
  } catch (error) {
    throw given.signal.aborted ? given.signal.reason : error;
  } finally {
    clearTimeout(timer);
    kill();
    process.off('exit', kill);
  }
}
