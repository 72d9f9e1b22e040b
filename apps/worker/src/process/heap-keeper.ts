import { getHeapSpaceStatistics } from 'node:v8';

const LOOK_INTERVAL_MS = 30_000;
/** Twenty milliseconds a collection, every few minutes. */
const BORNE_BYTES = 2 * 1024 ** 2;

export interface HeapKeeperOptions {
  lookIntervalMs?: number;
  /** By so much old objects may grow before they are collected. */
  borneBytes?: number;
}

/** Of all objects that outlived two collections of the young, dead or alive. */
function oldObjectBytes(): number {
  return getHeapSpaceStatistics()
    .filter(({ space_name: name }) => !name.startsWith('new_'))
    .reduce((bytes, space) => bytes + space.space_used_size, 0);
}

/**
 * Collects this thread's old objects when they have grown a little. V8 by itself waits for its limit, and a limit
 * that pictures' buffers do not reach each second is so high that dead objects grow for half an hour (1.1 MB a minute
 * with two cameras), as if there were a leak. Needs `--expose-gc`; does not keep the process alive.
 */
export function keepHeapSmall(options: HeapKeeperOptions = {}): Disposable {
  const { lookIntervalMs = LOOK_INTERVAL_MS, borneBytes = BORNE_BYTES } = options;
  const { gc } = globalThis;
  if (!gc) throw new Error('The heap can only be kept small with --expose-gc.');
  let leastBytes = Infinity;
  const look = () => {
    leastBytes = Math.min(leastBytes, oldObjectBytes());
    if (oldObjectBytes() - leastBytes < borneBytes) return;
    gc();
    leastBytes = oldObjectBytes();
  };
  const timer = setInterval(look, lookIntervalMs).unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
