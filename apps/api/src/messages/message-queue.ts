import type { MessageQueue } from '@camfleet/queue';
import { BullMqMessageQueue, SqsMessageQueue } from '@camfleet/queue';
import type { ApiOptions } from '../core/api-options';

/** Injection token of the {@link MessageQueue}, or of `null`: then messages come by HTTP alone, and stay rows. */
export const MESSAGE_QUEUE = Symbol('MESSAGE_QUEUE');

export function openMessageQueue({ config, logger }: ApiOptions): MessageQueue | null {
  if (config.messages.sqs) return new SqsMessageQueue(config.messages.sqs);
  if (!config.redisUrl) return null;
  return new BullMqMessageQueue({
    redisUrl: config.redisUrl,
    onError: (err) => logger.warn({ err }, 'messages.queue_unavailable'),
  });
}
