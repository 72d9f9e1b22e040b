import { Module } from '@nestjs/common';
import { CommandsModule } from '../commands/commands.module';
import { ViewingModule } from '../live/viewing.module';
import { PlacementModule } from '../placement/placement.module';
import { WorkersModule } from '../workers/workers.module';
import { AssignmentHistoryService } from './assignment-history.service';
import { AssignmentsController, MovesController } from './assignments.controller';
import { CamerasController } from './cameras.controller';
import { CamerasService } from './cameras.service';
import { ObjectClasses } from './object-classes.service';
import { PictureKeeper } from './picture-keeper';
import { StreamController } from './stream.controller';
import { StreamStatuses } from './stream-statuses';
import { StreamsService } from './streams.service';

@Module({
  imports: [CommandsModule, PlacementModule, ViewingModule, WorkersModule],
  controllers: [AssignmentsController, MovesController, CamerasController, StreamController],
  providers: [
    AssignmentHistoryService,
    CamerasService,
    ObjectClasses,
    PictureKeeper,
    StreamStatuses,
    StreamsService,
  ],
  exports: [CamerasService],
})
export class CamerasModule {}
