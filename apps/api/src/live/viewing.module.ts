import { Module } from '@nestjs/common';
import { WorkersModule } from '../workers/workers.module';
import { FeedHub } from './feed-hub';
import { FeedTargets } from './feed-target';
import { LastPictures } from './last-pictures';
import { VideoGateway } from './video.gateway';
import { ViewerCounts } from './viewer-counts';
import { ViewingService } from './viewing.service';

/** Live video from workers to viewers. */
@Module({
  imports: [WorkersModule],
  providers: [FeedHub, FeedTargets, LastPictures, VideoGateway, ViewerCounts, ViewingService],
  exports: [LastPictures, ViewerCounts, ViewingService],
})
export class ViewingModule {}
