import { Module } from '@nestjs/common';
import { WorkersModule } from '../workers/workers.module';
import { EventClipsController } from './event-clips.controller';
import { EventClipsService } from './event-clips.service';
import { FormUploadService } from './form-upload.service';
import { VideoHousekeeping } from './housekeeping';
import { InspectionService } from './inspection.service';
import { IntakeService } from './intake.service';
import { PresignedUploadService } from './presigned-upload.service';
import { ProcessingService } from './processing.service';
import { QuotaController } from './quota.controller';
import { RecordingController } from './recording.controller';
import { TusController } from './tus/tus.controller';
import { TusService } from './tus/tus.service';
import { VideosController } from './videos.controller';
import { VideosService } from './videos.service';

/** Recorded videos: how they come in, what is known of them, what is asked of workers. */
@Module({
  imports: [WorkersModule],
  controllers: [VideosController, TusController, RecordingController, QuotaController, EventClipsController],
  providers: [
    EventClipsService,
    FormUploadService,
    InspectionService,
    IntakeService,
    PresignedUploadService,
    ProcessingService,
    TusService,
    VideoHousekeeping,
    VideosService,
  ],
  exports: [IntakeService, ProcessingService, VideosService],
})
export class VideosModule {}
