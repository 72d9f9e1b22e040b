import { commandQueueContract } from './command-queue.contract';
import { MemoryCommandQueue } from './memory-command-queue';

describe('the command queue in memory', () => {
  commandQueueContract(() => Promise.resolve(new MemoryCommandQueue()));
});
