import type { Job, Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import {
  type DeadLetter,
  type DeadLetterFilter,
  type DeadLetterPage,
  RETENTION_SECONDS,
} from './message-queue';

/** Letters that are in memory at a time, besides those that are answered. */
const READ_AT_ONCE = 100;

/** The dead letters of one queue: jobs `{ message, reason }` that wait for ever, the oldest first. */
export class BullMqDeadLetters {
  constructor(
    private readonly queue: Queue,
    private readonly connection: Redis,
  ) {}

  async add(job: Job, reason: string): Promise<void> {
    await this.queue.add('dead', { message: job.data, reason }, { jobId: `dead-${job.id}` });
  }

  async page({ limit, after, isWanted }: DeadLetterPage): Promise<DeadLetter[]> {
    const found: DeadLetter[] = [];
    let index = after ? await this.indexAfter(after.id) : 0;
    for (;;) {
      const jobs = await this.read(index, READ_AT_ONCE);
      if (jobs.length === 0) return found;
      index += jobs.length;
      for (const job of jobs) {
        // Where the letter is gone that the page before ended with, its time says where to go on.
        if (!isLetter(job) || (after && job.timestamp < after.atMs)) continue;
        if (await isWanted(toLetter(job))) found.push(toLetter(job));
        if (found.length === limit) return found;
      }
    }
  }

  /** Those that are there now: what fails again at once comes behind them. */
  async redrive(isWanted: DeadLetterFilter, send: (body: string) => Promise<void>): Promise<number> {
    let left = await this.queue.getWaitingCount();
    let kept = 0;
    let redriven = 0;
    while (left > 0) {
      const jobs = await this.read(kept, Math.min(left, READ_AT_ONCE));
      if (jobs.length === 0) break;
      left -= jobs.length;
      for (const job of jobs) {
        if (isLetter(job) && !(await isWanted(toLetter(job)))) {
          kept += 1;
          continue;
        }
        // In this order a crash between them sends it twice, and never loses it.
        if (isLetter(job)) {
          await send(toLetter(job).body);
          redriven += 1;
        }
        await job?.remove();
      }
    }
    return redriven;
  }

  /** Jobs that somebody has just removed are `undefined`. */
  private read(index: number, count: number): Promise<(Job | undefined)[]> {
    return this.queue.getJobs(['waiting'], index, index + count - 1, true);
  }

  /** The first behind a letter, counted from the oldest; 0 when it is gone. */
  private async indexAfter(id: string): Promise<number> {
    const key = this.queue.toKey('wait');
    // New ones come at the head.
    const answers = await this.connection.multi().llen(key).lpos(key, id).exec();
    const [length, fromHead] = (answers ?? []).map(([, answer]) => answer);
    return typeof length === 'number' && typeof fromHead === 'number' ? length - fromHead : 0;
  }
}

export const isKept = ({ timestamp }: Job): boolean => timestamp > Date.now() - RETENTION_SECONDS * 1000;

export const textOf = (data: unknown): string => (typeof data === 'string' ? data : JSON.stringify(data));

const isLetter = (job: Job | undefined): job is Job => job !== undefined && isKept(job);

function toLetter({ id = '', timestamp, data }: Job): DeadLetter {
  return { id, atMs: timestamp, body: textOf(data.message), reason: String(data.reason) };
}
