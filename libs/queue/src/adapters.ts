import type { BullMqCommandQueueOptions } from './bullmq-command-queue';
import type { CommandQueue } from './command-queue';
import type { BullMqMessageQueueOptions } from './messages/bullmq-message-queue';
import type { MessageQueue } from './messages/message-queue';
import type { SqsMessageQueueOptions } from './messages/sqs-message-queue';

// The clients of Redis and SQS are large: only a program that is told to use one loads it.

export async function openBullMqCommandQueue(options: BullMqCommandQueueOptions): Promise<CommandQueue> {
  const { BullMqCommandQueue } = await import('./bullmq-command-queue.js');
  return new BullMqCommandQueue(options);
}

export async function openBullMqMessageQueue(options: BullMqMessageQueueOptions): Promise<MessageQueue> {
  const { BullMqMessageQueue } = await import('./messages/bullmq-message-queue.js');
  return new BullMqMessageQueue(options);
}

export async function openSqsMessageQueue(options: SqsMessageQueueOptions): Promise<MessageQueue> {
  const { SqsMessageQueue } = await import('./messages/sqs-message-queue.js');
  return new SqsMessageQueue(options);
}
