import type { CommandMessage } from '@camfleet/protocol';
import { type CommandConsumer, type CommandQueue, MAX_DELIVERIES } from './command-queue';

/** Messages kept for a worker that does not consume yet; the oldest is dropped beyond it. */
const MAX_WAITING = 1_000;

type Handler = (message: CommandMessage) => Promise<void>;

/** The queue of the all-in-one program: API and worker in one process. */
export class MemoryCommandQueue implements CommandQueue {
  private readonly waiting = new Map<string, CommandMessage[]>();
  private readonly handlers = new Map<string, Handler>();
  private readonly draining = new Map<string, Promise<void>>();

  publish(queue: string, message: CommandMessage): Promise<void> {
    const messages = this.waiting.get(queue) ?? [];
    if (messages.push(message) > MAX_WAITING) messages.shift();
    this.waiting.set(queue, messages);
    this.drain(queue);
    return Promise.resolve();
  }

  consume(queue: string, handler: Handler): Promise<CommandConsumer> {
    this.handlers.set(queue, handler);
    this.drain(queue);
    return Promise.resolve({
      close: async () => {
        if (this.handlers.get(queue) === handler) this.handlers.delete(queue);
        await this.draining.get(queue);
      },
    });
  }

  ready(): Promise<boolean> {
    return Promise.resolve(true);
  }

  async close(): Promise<void> {
    this.handlers.clear();
    await Promise.all(this.draining.values());
  }

  private drain(queue: string): void {
    if (this.draining.has(queue) || !this.handlers.has(queue)) return;
    const run = this.deliverAll(queue).finally(() => this.draining.delete(queue));
    this.draining.set(queue, run);
  }

  private async deliverAll(queue: string): Promise<void> {
    for (;;) {
      const handler = this.handlers.get(queue);
      const message = handler && this.waiting.get(queue)?.shift();
      if (!handler || !message) return;
      await deliver(handler, message);
    }
  }
}

async function deliver(handler: Handler, message: CommandMessage): Promise<void> {
  for (let attempt = 1; attempt <= MAX_DELIVERIES; attempt += 1) {
    try {
      await handler(message);
      return;
    } catch {
      // The heartbeat brings what a lost message would have brought.
    }
  }
}
