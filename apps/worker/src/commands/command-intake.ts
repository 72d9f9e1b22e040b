import type { CommandConsumer, CommandQueue } from '@camfleet/queue';
import type { CommandMessage } from '@camfleet/protocol';
import type { Logger } from '@camfleet/telemetry';
import type { ApiClient } from '../fleet/api-client';

const RESULT_TIMEOUT_MS = 3_000;
/** Commands whose outcome is open; the oldest is forgotten beyond it, and its camera's state tells all the same. */
const REMEMBERED_COMMANDS = 1_000;

export interface CommandIntakeOptions {
  api: ApiClient;
  workerId: string;
  logger: Logger;
  heartbeatNow: () => void;
  /** The camera's reason when it stands `failed`, so that its command fails with the same words. */
  failureOf: (cameraId: string) => string | undefined;
  now: () => number;
}

/**
 * A command carries no settings: whatever its type, it makes the worker heartbeat, and the answer makes things
 * right. It succeeds when a heartbeat reports its effect; only a failure is reported from here.
 */
export class CommandIntake {
  private readonly open = new Map<string, CommandMessage>();
  private consumer: CommandConsumer | undefined;

  constructor(private readonly options: CommandIntakeOptions) {}

  /** From the queue: wake. */
  async consume(queue: CommandQueue, name: string): Promise<void> {
    this.consumer = await queue.consume(name, (message) => {
      this.take(message);
      this.options.heartbeatNow();
      return Promise.resolve();
    });
  }

  /** From a heartbeat's answer, which was applied already. */
  take(message: CommandMessage): void {
    this.open.set(message.commandId, message);
    if (this.open.size > REMEMBERED_COMMANDS) {
      const [oldest] = this.open.keys();
      if (oldest !== undefined) this.open.delete(oldest);
    }
  }

  /** To be called when a camera's state changed: a start whose camera cannot be opened has failed. */
  async reportFailures(): Promise<void> {
    for (const command of [...this.open.values()]) {
      if (Date.parse(command.expiresAt) < this.options.now()) this.open.delete(command.commandId);
      if (command.type !== 'ASSIGN_CAMERA' || command.cameraId === undefined) continue;
      const error = this.options.failureOf(command.cameraId);
      if (error === undefined) continue;
      this.open.delete(command.commandId);
      await this.reportFailure(command.commandId, error);
    }
  }

  async close(): Promise<void> {
    await this.consumer?.close();
  }

  private async reportFailure(commandId: string, error: string): Promise<void> {
    const { api, workerId, logger } = this.options;
    try {
      const path = `/api/workers/${encodeURIComponent(workerId)}/commands/${encodeURIComponent(commandId)}/result`;
      await api.call({
        method: 'POST',
        path,
        body: { state: 'failed', error },
        timeoutMs: RESULT_TIMEOUT_MS,
        isRepeatable: true,
      });
    } catch (cause) {
      logger.warn({ commandId, cause: String(cause) }, 'command.result-not-delivered');
    }
  }
}
