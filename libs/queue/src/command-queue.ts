import type { CommandMessage } from '@camfleet/protocol';

/**
 * Carries commands to workers. It only wakes: the command is a row in the database first,
 * and the heartbeat's answer holds the truth, so a lost or repeated message costs time alone.
 */
export interface CommandQueue {
  /** Rejects when the message could not be handed over. */
  publish(queue: string, message: CommandMessage): Promise<void>;
  /** One consumer a queue. A handler that throws gets the message again, a few times at most. */
  consume(queue: string, handler: (message: CommandMessage) => Promise<void>): Promise<CommandConsumer>;
  /** True when a message published now would go out. */
  ready(): Promise<boolean>;
  close(): Promise<void>;
}

export interface CommandConsumer {
  close(): Promise<void>;
}

/** Tries that a message has before it is dropped. */
export const MAX_DELIVERIES = 3;
