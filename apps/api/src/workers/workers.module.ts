import { Module } from '@nestjs/common';
import { CommandsModule } from '../commands/commands.module';
import { PlacementModule } from '../placement/placement.module';
import { AssignmentLists } from './assignment-lists';
import { DebugService } from './debug.service';
import { FleetEvents } from './fleet-events';
import { HeartbeatService } from './heartbeat.service';
import { LatestReports } from './latest-reports';
import { LeaseRenewals } from './lease-renewals';
import { LinkGateway } from './link.gateway';
import { LivenessService } from './liveness.service';
import { RegistryService } from './registry.service';
import { ReplicasService } from './replicas.service';
import { ReportReader } from './report-reader';
import { WorkerLookup } from './worker-lookup';
import { WorkerClient } from './worker-client';
import { WorkerProtocolController, WorkersController } from './workers.controller';

@Module({
  imports: [CommandsModule, PlacementModule],
  controllers: [WorkerProtocolController, WorkersController],
  providers: [
    AssignmentLists,
    DebugService,
    FleetEvents,
    HeartbeatService,
    LatestReports,
    LeaseRenewals,
    LinkGateway,
    LivenessService,
    RegistryService,
    ReplicasService,
    ReportReader,
    WorkerClient,
    WorkerLookup,
  ],
  exports: [LatestReports, LinkGateway, RegistryService, WorkerClient, WorkerLookup],
})
export class WorkersModule {}
