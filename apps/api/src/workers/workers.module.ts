import { Module } from '@nestjs/common';
import { CommandsModule } from '../commands/commands.module';
import { PlacementModule } from '../placement/placement.module';
import { DebugService } from './debug.service';
import { FleetEvents } from './fleet-events';
import { HeartbeatService } from './heartbeat.service';
import { LatestReports } from './latest-reports';
import { LeaseRenewals } from './lease-renewals';
import { LinkGateway } from './link.gateway';
import { LivenessService } from './liveness.service';
import { RegistryService } from './registry.service';
import { ReportReader } from './report-reader';
import { WorkerClient } from './worker-client';
import { WorkerProtocolController, WorkersController } from './workers.controller';

@Module({
  imports: [CommandsModule, PlacementModule],
  controllers: [WorkerProtocolController, WorkersController],
  providers: [
    DebugService,
    FleetEvents,
    HeartbeatService,
    LatestReports,
    LeaseRenewals,
    LinkGateway,
    LivenessService,
    RegistryService,
    ReportReader,
    WorkerClient,
  ],
  exports: [LinkGateway, RegistryService, WorkerClient],
})
export class WorkersModule {}
