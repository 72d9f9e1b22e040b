export { openBullMqCommandQueue, openBullMqMessageQueue, openSqsMessageQueue } from './adapters';
export type { CommandConsumer, CommandQueue } from './command-queue';
export { MemoryCommandQueue } from './memory-command-queue';
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
