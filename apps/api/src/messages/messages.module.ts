import { Module } from '@nestjs/common';
import { API_OPTIONS } from '../core/api-options';
import { MESSAGE_QUEUE, openMessageQueue } from './message-queue';
import { OutgoingSender } from './outgoing-sender';
import { SnapshotsFound } from './snapshots-found';

/** The messages of the snapshot pipeline: `PROCESS_VIDEO` in, `SNAPSHOT_READY` out. */
@Module({
  providers: [
    { provide: MESSAGE_QUEUE, inject: [API_OPTIONS], useFactory: openMessageQueue },
    OutgoingSender,
    SnapshotsFound,
  ],
  exports: [SnapshotsFound],
})
export class MessagesModule {}
