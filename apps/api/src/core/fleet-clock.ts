import { Database } from '@camfleet/database';
import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { API_OPTIONS, type ApiOptions } from './api-options';
import { ClockReading } from './clock-reading';

const REFRESH_MS = 2_000;

/**
 * The fleet's time, the same at every replica: the database's clock plus monotonic time since it was read. A
 * replica's wall clock may say what it likes. While the database is away it runs on.
 */
@Injectable()
export class FleetClock implements OnModuleInit, OnApplicationShutdown {
  private readonly reading = new ClockReading();
  private timer?: NodeJS.Timeout;
  private refreshing: Promise<void> = Promise.resolve();
  private stopping = false;

  constructor(
    private readonly database: Database,
    @Inject(API_OPTIONS) private readonly options: ApiOptions,
  ) {}

  /** Before anything is served. Rejects without the database. */
  async onModuleInit(): Promise<void> {
    await this.read();
    this.schedule();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping = true;
    clearTimeout(this.timer);
    await this.refreshing;
  }

  /** Unix ms. Never goes back. */
  nowMs(): number {
    return this.reading.at(performance.now());
  }

  isoNow(): string {
    return new Date(this.nowMs()).toISOString();
  }

  private schedule(): void {
    this.timer = setTimeout(() => {
      this.refreshing = this.read()
        .catch((err: unknown) => this.options.logger.debug({ err }, 'clock.not_read'))
        .finally(() => this.stopping || this.schedule());
    }, REFRESH_MS);
  }

  private async read(): Promise<void> {
    const sentAtMs = performance.now();
    const clockMs = await this.database.clockMs();
    this.reading.observe({ clockMs, sentAtMs, receivedAtMs: performance.now() });
  }
}
