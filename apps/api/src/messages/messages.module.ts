import { Module } from '@nestjs/common';
import { API_OPTIONS } from '../core/api-options';
import { VideosModule } from '../videos/videos.module';
import { DeadMessages } from './dead-messages';
import { IntakeConsumer } from './intake-consumer';
import { MessageIntake } from './message-intake';
import { MESSAGE_QUEUE, openMessageQueue } from './message-queue';
import { MessagesController } from './messages.controller';
import { OutgoingSender } from './outgoing-sender';
import { SnapshotsFound } from './snapshots-found';
import { VideoAdoption } from './video-adoption';

/** The messages of the snapshot pipeline: `PROCESS_VIDEO` in, `SNAPSHOT_READY` out. */
@Module({
  imports: [VideosModule],
  controllers: [MessagesController],
  providers: [
    { provide: MESSAGE_QUEUE, inject: [API_OPTIONS], useFactory: openMessageQueue },
    DeadMessages,
    IntakeConsumer,
    MessageIntake,
    OutgoingSender,
    SnapshotsFound,
    VideoAdoption,
  ],
  exports: [SnapshotsFound],
})
export class MessagesModule {}
