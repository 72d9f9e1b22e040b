import { type MessageQueue, openBullMqMessageQueue, openSqsMessageQueue } from '@camfleet/queue';
import type { ApiOptions } from '../core/api-options';

/** Injection token of the {@link MessageQueue}, or of `null`: then messages come by HTTP alone, and stay rows. */
export const MESSAGE_QUEUE = Symbol('MESSAGE_QUEUE');

export async function openMessageQueue({ config, logger }: ApiOptions): Promise<MessageQueue | null> {
  if (config.messages.sqs) return openSqsMessageQueue(config.messages.sqs);
  if (!config.redisUrl) return null;
  return openBullMqMessageQueue({
    redisUrl: config.redisUrl,
    onError: (err) => logger.warn({ err }, 'messages.queue_unavailable'),
  });
}
