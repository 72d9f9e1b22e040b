import { EventsRepository } from '@camfleet/database';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { API_OPTIONS, type ApiOptions } from '../core/api-options';

const LOOK_INTERVAL_MS = 10_000;
/** Beyond a lease: for so long the worker itself may come back and tell how its visits ended. */
const GRACE_MS = 30_000;

/**
 * Ends the visits that a worker left open which never came back. Every replica looks; the `end` of a visit has one id,
 * and the first that is stored wins.
 */
@Injectable()
export class InterruptedVisits implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer?: NodeJS.Timeout;
  private looking?: Promise<void>;

  constructor(
    private readonly events: EventsRepository,
    @Inject(API_OPTIONS) private readonly options: ApiOptions,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.looking ??= this.look().finally(() => (this.looking = undefined));
    }, LOOK_INTERVAL_MS);
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.looking;
  }

  private async look(): Promise<void> {
    const { config, logger } = this.options;
    try {
      const open = await this.events.interrupted(config.leaseTtlMs + GRACE_MS);
      await this.events.append(
        open.map(({ occurredAt, data, trackId, ...seen }) => ({
          ...seen,
          id: `${trackId}:end`,
          trackId,
          state: 'end',
          occurredAt: occurredAt.toISOString(),
          data: { ...data, interrupted: true },
        })),
      );
    } catch (err) {
      // Tried again at the next look.
      logger.warn({ err }, 'interrupted-visits.failed');
    }
  }
}
