import { ReplicasRepository } from '@camfleet/database';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { API_OPTIONS, type ApiOptions } from '../core/api-options';
import { ReplicaId } from '../core/replica-id';

const RENEW_MS = 1_000;

/** The API replicas that live, as workers are told them. */
@Injectable()
export class ReplicasService implements OnApplicationBootstrap, OnApplicationShutdown {
  private known: readonly string[];
  private timer?: NodeJS.Timeout;
  private renewing: Promise<void> = Promise.resolve();
  private stopping = false;

  constructor(
    private readonly replicas: ReplicasRepository,
    private readonly id: ReplicaId,
    @Inject(API_OPTIONS) private readonly options: ApiOptions,
  ) {
    this.known = [options.config.publicUrl];
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.renew();
    this.schedule();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping = true;
    clearTimeout(this.timer);
    await this.renewing;
    await this.replicas.leave(this.id.value).catch(() => undefined);
  }

  /** Where workers reach each of them, this one included. Those known last stay while the database is away. */
  get urls(): readonly string[] {
    return this.known;
  }

  private schedule(): void {
    this.timer = setTimeout(() => {
      this.renewing = this.renew().finally(() => this.stopping || this.schedule());
    }, RENEW_MS);
  }

  private async renew(): Promise<void> {
    const { config, logger } = this.options;
    try {
      this.known = await this.replicas.renew({ id: this.id.value, url: config.publicUrl });
    } catch (err) {
      logger.debug({ err }, 'replicas.not_renewed');
    }
  }
}
