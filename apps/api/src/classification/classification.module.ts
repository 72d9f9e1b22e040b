import { Module } from '@nestjs/common';
import { JobsModule } from '../jobs/jobs.module';
import { AnalysesController } from './analyses.controller';
import { ClassificationSink } from './classification.sink';

/** The second stage: what classifiers say of snapshots. */
@Module({ imports: [JobsModule], controllers: [AnalysesController], providers: [ClassificationSink] })
export class ClassificationModule {}
