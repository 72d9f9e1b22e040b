import { EventBatch, EventBatchAnswer, EventListQuery, EventPage, EventView } from '@camfleet/protocol';
import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ZodResponse, createZodDto } from 'nestjs-zod';
import { Access, Caller } from '../auth/access.decorator';
import { type Principal, tenantOfWorkers } from '../auth/principal';
import { EventsService } from './events.service';
import { IngestService } from './ingest.service';

class EventBatchDto extends createZodDto(EventBatch) {}
class EventBatchAnswerDto extends createZodDto(EventBatchAnswer) {}
class EventListQueryDto extends createZodDto(EventListQuery) {}
class EventPageDto extends createZodDto(EventPage) {}
class EventViewDto extends createZodDto(EventView) {}

@ApiTags('Events')
@Controller('api/events')
export class EventsController {
  constructor(
    private readonly events: EventsService,
    private readonly ingestion: IngestService,
  ) {}

  @Post()
  @ApiOperation({ summary: 'Events that a worker saw; sent again, they are taken once' })
  @Access('worker')
  @ZodResponse({ status: 200, type: EventBatchAnswerDto })
  ingest(@Body() batch: EventBatchDto, @Caller() caller: Principal) {
    return this.ingestion.ingest(tenantOfWorkers(caller), batch);
  }

  @Get()
  @ApiOperation({ summary: 'What was seen, newest first' })
  @Access('viewer')
  @ZodResponse({ status: 200, type: EventPageDto })
  list(@Query() query: EventListQueryDto, @Caller() caller: Principal) {
    return this.events.list(caller.tenantId, query);
  }

  @Get(':id')
  @ApiOperation({ summary: 'One event' })
  @Access('viewer')
  @ZodResponse({ status: 200, type: EventViewDto })
  find(@Param('id') id: string, @Caller() caller: Principal) {
    return this.events.view(caller.tenantId, id);
  }

  /** An event never changes, nor does its picture; but a person may be erased with all pictures, and then it is gone. */
  @Get(':id/snapshot.jpg')
  @ApiOperation({ summary: 'The best picture of an event' })
  @Access('viewer')
  @ApiProduces('image/jpeg')
  async snapshot(
    @Param('id') id: string,
    @Caller() caller: Principal,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const jpeg = await this.events.snapshot(caller.tenantId, id);
    await reply
      .headers({ 'Content-Type': 'image/jpeg', 'Cache-Control': 'private, max-age=3600' })
      .send(jpeg);
  }
}
