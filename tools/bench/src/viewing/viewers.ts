import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { z } from 'zod';
import type { FeedAddress } from './feed';

const Answer = z.array(z.array(z.object({ timestampMs: z.number(), atMs: z.number(), slate: z.boolean() })));

/** Viewers of one feed in a process of their own. */
export class Viewers implements Disposable {
  private readonly child: ReturnType<typeof fork>;

  constructor(address: FeedAddress, count: number) {
    this.child = fork(join(__dirname, 'viewers-entry.js'), [JSON.stringify(address), String(count)], {
      serialization: 'advanced',
    });
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** What each of them sees from now on. */
  async watch(seconds: number): Promise<z.infer<typeof Answer>> {
    this.child.send(seconds);
    const [parts] = await once(this.child, 'message');
    return Answer.parse(parts);
  }

  [Symbol.dispose](): void {
    this.child.disconnect();
  }
}
