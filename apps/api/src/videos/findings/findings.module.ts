import { Module } from '@nestjs/common';
import { JobsModule } from '../../jobs/jobs.module';
import { MessagesModule } from '../../messages/messages.module';
import { FindingsController } from './findings.controller';
import { FindingsService } from './findings.service';
import { FindingsSinks } from './findings-sinks';

/** What analyses found in recordings: stored, told as events, listed. */
@Module({
  imports: [JobsModule, MessagesModule],
  controllers: [FindingsController],
  providers: [FindingsService, FindingsSinks],
})
export class FindingsModule {}
