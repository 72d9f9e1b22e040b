import { Module } from '@nestjs/common';
import { CamerasModule } from '../cameras/cameras.module';
import { PeopleModule } from '../people/people.module';
import { VideosModule } from '../videos/videos.module';
import { WorkersModule } from '../workers/workers.module';
import { EventTail } from './event-tail';
import { LiveGateway } from './live.gateway';

/** What happens, as it happens, to dashboards. */
@Module({
  imports: [CamerasModule, PeopleModule, VideosModule, WorkersModule],
  providers: [EventTail, LiveGateway],
})
export class LiveModule {}
