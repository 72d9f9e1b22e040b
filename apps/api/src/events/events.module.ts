import { Module } from '@nestjs/common';
import { EventsController } from './events.controller';
import { EventsService } from './events.service';
import { IngestService } from './ingest.service';

@Module({ controllers: [EventsController], providers: [EventsService, IngestService] })
export class EventsModule {}
