import { Database } from '@camfleet/database';
import { Controller, Get, Header, Inject, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '../auth/access.decorator';
import { ApiMetrics } from '../core/api-metrics';
import { API_OPTIONS, type ApiOptions } from '../core/api-options';

@ApiTags('Health')
@Controller()
@Public()
export class HealthController {
  constructor(
    private readonly database: Database,
    private readonly metrics: ApiMetrics,
    @Inject(API_OPTIONS) private readonly options: ApiOptions,
  ) {}

  @Get('healthz')
  lives() {
    return { status: 'ok' };
  }

  /** 503 without the database; without the queue ready all the same, but slower to start cameras. */
  @Get('readyz')
  async ready(@Res() reply: FastifyReply): Promise<void> {
    const database = await this.database.ping().then(
      () => true,
      () => false,
    );
    const redis = !this.options.config.redisUrl || (await this.options.queue.ready());
    const degraded = redis ? [] : ['redis'];
    await reply
      .status(database ? 200 : 503)
      .send({ status: database ? 'ready' : 'unavailable', ...(degraded.length > 0 && { degraded }) });
  }

  @Get('metrics')
  @Header('Content-Type', 'text/plain; version=0.0.4')
  figures(): Promise<string> {
    return this.metrics.registry.metrics();
  }
}
