/**
 * Messages between systems, at least once and in no order: SQS, or BullMQ on Redis. A message that was received is
 * invisible to others until it is deleted or its visibility runs out; after {@link MAX_RECEIVES} it goes to the queue's
 * dead letters.
 */
export interface MessageQueue {
  /**
   * Resolves when the queue has the message; rejects when it says nothing for {@link ANSWER_TIMEOUT_MS}. Bodies are text,
   * at most 256 KiB.
   */
  send(queue: string, body: string): Promise<void>;
  /** Up to `maxMessages` (1-10); none when none came within `waitSeconds` (0-20) or the signal said stop. */
  receive(queue: string, options: ReceiveOptions): Promise<ReceivedMessage[]>;
  /** What was received and not given back, and why it is dead: newest last, at most `limit`. They stay. */
  deadLetters(queue: string, page: DeadLetterPage): Promise<DeadLetter[]>;
  /** Of the letters that are dead by now those that are wanted, back into their queue, as new; answers how many. */
  redrive(queue: string, isWanted: DeadLetterFilter): Promise<number>;
  /** True when a message sent now would go out. */
  ready(): Promise<boolean>;
  close(): Promise<void>;
}

export interface ReceiveOptions {
  maxMessages: number;
  waitSeconds: number;
  /** How long nobody else sees them. */
  visibilitySeconds: number;
  signal: AbortSignal;
}

export interface ReceivedMessage {
  readonly body: string;
  /** 1 the first time. */
  readonly receiveCount: number;
  /** How long it was put aside before, all in all. */
  readonly waitedSeconds: number;
  /** Invisible for so long from now. Rejects when it is no longer ours. */
  extend(visibilitySeconds: number): Promise<void>;
  /** Nobody's, and seen by nobody, for so long (1-{@link MAX_ASIDE_SECONDS}). It counts as no receive. */
  putAside(seconds: number): Promise<void>;
  /** It is done with. Harmless when it is gone already. */
  delete(): Promise<void>;
  /** To the dead letters at once: no further try would help. */
  bury(reason: string): Promise<void>;
}

export interface DeadLetter {
  readonly id: string;
  /** Since when it is in its queue, Unix ms. */
  readonly atMs: number;
  readonly body: string;
  readonly reason: string;
}

export type DeadLetterFilter = (letter: DeadLetter) => boolean | Promise<boolean>;

export interface DeadLetterPage {
  /** At most so many (1-501). */
  limit: number;
  /** Where the page before ended. */
  after?: { id: string; atMs: number } | undefined;
  isWanted: DeadLetterFilter;
}

/** Receives that a message has before it is a dead letter. */
export const MAX_RECEIVES = 5;
/** As long as SQS delays a message. */
export const MAX_ASIDE_SECONDS = 900;
/** A queue that says nothing for so long is away. Longer than anyone waits for a message. */
export const ANSWER_TIMEOUT_MS = 30_000;
/** What a queue keeps nobody fetched for, dead letters too. */
export const RETENTION_SECONDS = 14 * 24 * 3600;
export const VISIBILITY_SECONDS = 300;
export const EXTEND_EVERY_SECONDS = 60;
export const WAIT_SECONDS = 10;
/** A queue's dead letters are in the queue of this name. */
export const deadLetterQueue = (queue: string): string => `${queue}-dlq`;
/** The reason of a dead letter that nobody buried. */
export const NEVER_DONE = `It was received ${MAX_RECEIVES} times and never done.`;
