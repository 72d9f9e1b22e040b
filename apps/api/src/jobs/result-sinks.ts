import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { ResultSink } from './result-sink';

/** Who makes rows of which analysis's results: other rooms register themselves in their constructors. */
@Injectable()
export class ResultSinks {
  private readonly sinks = new Map<string, ResultSink>();

  /** Throws when the analysis has one already. */
  register<Schema extends z.ZodType, Part extends z.ZodType>(sink: ResultSink<Schema, Part>): void {
    if (this.sinks.has(sink.analysisType)) throw new Error(`${sink.analysisType} has two result sinks.`);
    this.sinks.set(sink.analysisType, sink);
  }

  find(analysisType: string): ResultSink | undefined {
    return this.sinks.get(analysisType);
  }
}
