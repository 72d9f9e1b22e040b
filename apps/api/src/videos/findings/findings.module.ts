import { Module } from '@nestjs/common';
import { JobsModule } from '../../jobs/jobs.module';
import { FindingsController } from './findings.controller';
import { FindingsService } from './findings.service';
import { FindingsSinks } from './findings-sinks';
import { SnapshotListeners } from './snapshot-listeners';

/** What analyses found in recordings: stored, told as events, listed. */
@Module({
  imports: [JobsModule],
  controllers: [FindingsController],
  providers: [FindingsService, FindingsSinks, SnapshotListeners],
  exports: [SnapshotListeners],
})
export class FindingsModule {}
