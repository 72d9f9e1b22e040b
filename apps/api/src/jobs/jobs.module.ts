import { Module } from '@nestjs/common';
import { WorkersModule } from '../workers/workers.module';
import { ClaimRounds } from './claim-rounds';
import { Claimants } from './claimants';
import { ClaimsService } from './claims.service';
import { JobBell } from './job-bell';
import { JobWatch } from './job-watch';
import { JobsController } from './jobs.controller';
import { JobsService } from './jobs.service';
import { LeasesService } from './leases.service';
import { PartsService } from './parts.service';
import { ResultSinks } from './result-sinks';
import { ResultsService } from './results.service';
import { VisionController } from './vision.controller';

/** Jobs, and the protocol by which anyone's worker does them. */
@Module({
  imports: [WorkersModule],
  controllers: [VisionController, JobsController],
  providers: [
    ClaimRounds,
    Claimants,
    ClaimsService,
    JobBell,
    JobWatch,
    JobsService,
    LeasesService,
    PartsService,
    ResultSinks,
    ResultsService,
  ],
  exports: [ResultSinks],
})
export class JobsModule {}
