import { type Tracer, createTracer } from '@camfleet/telemetry';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { API_OPTIONS, type ApiOptions } from './api-options';

/** The way of a recording, from its upload to the result, as spans. */
@Injectable()
export class Traces implements OnApplicationShutdown {
  private readonly tracer: Tracer;
  readonly run: Tracer['run'];
  readonly record: Tracer['record'];

  constructor(@Inject(API_OPTIONS) { config }: Pick<ApiOptions, 'config'>) {
    this.tracer = createTracer({ service: 'api', endpoint: config.tracesUrl });
    this.run = this.tracer.run.bind(this.tracer);
    this.record = this.tracer.record.bind(this.tracer);
  }

  onApplicationShutdown(): Promise<void> {
    return this.tracer.stop();
  }
}
