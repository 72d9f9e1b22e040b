import { setTimeout as sleep } from 'node:timers/promises';
import { type FeedAddress, watchFeed } from './feed';
import type { SeenPart } from './part-scanner';

/** Viewers in a process of their own: `node viewers-entry.js <JSON of address> <count>`; counts when told to. */
function main(): void {
  const address: FeedAddress = JSON.parse(process.argv[2] ?? '{}');
  let counting = false;
  const viewers = Array.from({ length: Number(process.argv[3]) }, () => {
    const parts: SeenPart[] = [];
    watchFeed(address, (part) => {
      if (counting) parts.push(part);
    });
    return parts;
  });
  process.on('message', async (seconds: number) => {
    counting = true;
    await sleep(seconds * 1000);
    counting = false;
    process.send?.(viewers.map((parts) => parts.splice(0)));
  });
  process.once('disconnect', () => process.exit(0));
}

main();
