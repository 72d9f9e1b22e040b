export { BullMqCommandQueue } from './bullmq-command-queue';
export type { CommandConsumer, CommandQueue } from './command-queue';
export { MemoryCommandQueue } from './memory-command-queue';
export { BullMqMessageQueue } from './messages/bullmq-message-queue';
export {
  ANSWER_TIMEOUT_MS,
  type DeadLetter,
  EXTEND_EVERY_SECONDS,
  MAX_ASIDE_SECONDS,
  type MessageQueue,
  type ReceivedMessage,
  VISIBILITY_SECONDS,
  WAIT_SECONDS,
} from './messages/message-queue';
export { SqsMessageQueue } from './messages/sqs-message-queue';
