import { Database } from '@camfleet/database';
import { type BeforeApplicationShutdown, Controller, Get, Header, Inject, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '../auth/access.decorator';
import { ApiMetrics } from '../core/api-metrics';
import { API_OPTIONS, type ApiOptions } from '../core/api-options';

@ApiTags('Health')
@Controller()
@Public()
export class HealthController implements BeforeApplicationShutdown {
  private stopping = false;

  constructor(
    private readonly database: Database,
    private readonly metrics: ApiMetrics,
    @Inject(API_OPTIONS) private readonly options: ApiOptions,
  ) {}

  beforeApplicationShutdown(): void {
    this.stopping = true;
  }

  @Get('healthz')
  @ApiOperation({ summary: '200 while the process lives' })
  lives() {
    return { status: 'ok' };
  }

  @Get('readyz')
  @ApiOperation({
    summary: 'Whether it can serve',
    description:
      '503 without the database; without the queue ready all the same, but slower to start cameras.',
  })
  async ready(@Res() reply: FastifyReply): Promise<void> {
    const database = await this.database.ping().then(
      () => true,
      () => false,
    );
    const ready = database && !this.stopping;
    const redis = (await this.options.queue?.ready()) ?? true;
    const degraded = redis ? [] : ['redis'];
    await reply
      .status(ready ? 200 : 503)
      .send({ status: ready ? 'ready' : 'unavailable', ...(degraded.length > 0 && { degraded }) });
  }

  @Get('metrics')
  @ApiOperation({ summary: 'Figures for Prometheus' })
  @Header('Content-Type', 'text/plain; version=0.0.4')
  figures(): Promise<string> {
    return this.metrics.registry.metrics();
  }
}
