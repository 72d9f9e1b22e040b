import type { Redis } from 'ioredis';

/** How long a sender waits for a connection that is still being made. */
const CONNECT_TIMEOUT_MS = 1_000;

/** Rejects when Redis does not answer within a second: senders have a row to send again from. */
export function onceReady(connection: Redis): Promise<void> {
  if (connection.status === 'ready') return Promise.resolve();
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => settle(new Error('Redis does not answer.')), CONNECT_TIMEOUT_MS);
    const settle = (error?: Error) => {
      clearTimeout(timer);
      connection.off('ready', settle);
      if (error) reject(error);
      else resolve();
    };
    connection.once('ready', () => settle());
  });
}
