export { BullMqCommandQueue } from './bullmq-command-queue';
export type { CommandConsumer, CommandQueue } from './command-queue';
export { MemoryCommandQueue } from './memory-command-queue';
export type { DeadLetter, MessageQueue, ReceivedMessage, ReceiveOptions } from './messages/message-queue';
