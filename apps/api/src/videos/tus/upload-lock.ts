import type { UploadWritersRepository } from '@camfleet/database';
import { CamfleetError } from '@camfleet/domain';
import type { Lock, Locker } from '@tus/server';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

/** A replica that was killed holds an upload no longer than this. */
const CLAIM_TTL_MS = 5_000;
const RENEW_MS = 500;
const RETRY_MS = 100;
/** Longer than a dead holder's claim, shorter than clients wait. */
const WAIT_MS = 15_000;

/** Of an upload; `rest`, while it is held, unlocks it as one that was seen and is not whole. */
interface UploadLock extends Lock {
  rest(): Promise<void>;
}

/** One request of all replicas writes an upload at a time; the newest asks the one before it to stop. */
export class UploadLocker implements Locker {
  constructor(
    private readonly writers: UploadWritersRepository,
    private readonly onError: (error: unknown) => void,
  ) {}

  /** Its `lock` does not wait, nor ask anybody to stop, where its signal is aborted: it throws `UPLOAD_BUSY`. */
  newLock(rawKey: string): UploadLock {
    const writer = randomUUID();
    let timer: NodeJS.Timeout | undefined;
    return {
      lock: async (signal, cancel) => {
        const deadline = performance.now() + WAIT_MS;
        while (!(await this.writers.claim(rawKey, writer, CLAIM_TTL_MS))) {
          if (signal.aborted || performance.now() > deadline)
            throw new CamfleetError('UPLOAD_BUSY', 'Another request sends this upload.');
          await this.writers.ask(rawKey);
          await sleep(RETRY_MS, undefined, { signal }).catch(() => undefined);
        }
        timer = setInterval(() => {
          this.writers.renew(rawKey, writer, CLAIM_TTL_MS).then((isMine) => isMine || cancel(), this.onError);
        }, RENEW_MS);
      },
      rest: async () => {
        clearInterval(timer);
        await this.writers.rest(rawKey, writer);
      },
      unlock: async () => {
        clearInterval(timer);
        await this.writers.release(rawKey, writer);
      },
    };
  }
}
