import { Module } from '@nestjs/common';
import { EventsController } from './events.controller';
import { EventsService } from './events.service';
import { IngestService } from './ingest.service';
import { InterruptedVisits } from './interrupted-visits';

@Module({ controllers: [EventsController], providers: [EventsService, IngestService, InterruptedVisits] })
export class EventsModule {}
