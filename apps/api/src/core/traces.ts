import { type Tracer, createTracer } from '@camfleet/telemetry';
import type { OnApplicationShutdown } from '@nestjs/common';
import type { ApiOptions } from './api-options';

/** The way of a recording, from its upload to the result, as spans. */
export class Traces implements OnApplicationShutdown {
  readonly run: Tracer['run'];
  readonly record: Tracer['record'];

  private constructor(private readonly tracer: Tracer) {
    this.run = tracer.run.bind(tracer);
    this.record = tracer.record.bind(tracer);
  }

  static async open({ config }: Pick<ApiOptions, 'config'>): Promise<Traces> {
    return new Traces(await createTracer({ service: 'api', endpoint: config.tracesUrl }));
  }

  onApplicationShutdown(): Promise<void> {
    return this.tracer.stop();
  }
}
