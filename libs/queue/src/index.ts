export { BullMqCommandQueue } from './bullmq-command-queue';
export type { CommandConsumer, CommandQueue } from './command-queue';
export { MemoryCommandQueue } from './memory-command-queue';
export { BullMqMessageQueue } from './messages/bullmq-message-queue';
export type { DeadLetter, MessageQueue, ReceivedMessage, ReceiveOptions } from './messages/message-queue';
export { SqsMessageQueue } from './messages/sqs-message-queue';
