import { ImageAnalysesRepository, toJson, type Transaction } from '@camfleet/database';
import { ClassificationResult } from '@camfleet/protocol';
import { Injectable } from '@nestjs/common';
import type { FinishedJob, ResultSink } from '../jobs/result-sink';
import { ResultSinks } from '../jobs/result-sinks';

/** Makes rows of what classifiers say: one a variant. */
@Injectable()
export class ClassificationSink implements ResultSink<typeof ClassificationResult> {
  readonly analysisType = 'classification';
  readonly schema = ClassificationResult;

  constructor(
    private readonly analyses: ImageAnalysesRepository,
    sinks: ResultSinks,
  ) {
    sinks.register(this);
  }

  async store(tx: Transaction, { job, raw }: { job: FinishedJob; raw: ClassificationResult }): Promise<void> {
    await this.analyses.store(
      tx,
      job.eventId,
      raw.variants.map(
        ({ variant, classifier, type, make, model, colors, plate, latency_ms: latencyMs }) => ({
          variant,
          type: type?.label ?? null,
          typeConf: type?.conf ?? null,
          make: make?.label ?? null,
          makeConf: make?.conf ?? null,
          model: model?.label ?? null,
          modelConf: model?.conf ?? null,
          colors: toJson(colors),
          ...(plate && { plate: toJson(plate) }),
          classifier: classifier.name,
          classifierVersion: classifier.version,
          classifierSha256: classifier.sha256,
          latencyMs,
        }),
      ),
    );
  }
}
