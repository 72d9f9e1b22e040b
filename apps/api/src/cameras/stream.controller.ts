import {
  FeedQuery,
  SnapshotQuery,
  StreamCommandAnswer,
  StreamStatus,
  TicketAnswer,
} from '@camfleet/protocol';
import { Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ZodResponse, createZodDto } from 'nestjs-zod';
import { Access, Caller } from '../auth/access.decorator';
import { OpenStreams } from '../auth/open-streams';
import type { Principal } from '../auth/principal';
import { TicketService } from '../auth/ticket.service';
import { ApiMetrics } from '../core/api-metrics';
import { MjpegViewer } from '../live/mjpeg-viewer';
import { ViewingService } from '../live/viewing.service';
import { CamerasService } from './cameras.service';
import { StreamsService } from './streams.service';

class StreamCommandAnswerDto extends createZodDto(StreamCommandAnswer) {}
class StreamStatusDto extends createZodDto(StreamStatus) {}
class FeedQueryDto extends createZodDto(FeedQuery) {}
class SnapshotQueryDto extends createZodDto(SnapshotQuery) {}
class TicketAnswerDto extends createZodDto(TicketAnswer) {}

@ApiTags('Cameras and streams')
@Controller('api/cameras/:id')
export class StreamController {
  constructor(
    private readonly cameras: CamerasService,
    private readonly streams: StreamsService,
    private readonly viewing: ViewingService,
    private readonly tickets: TicketService,
    private readonly openStreams: OpenStreams,
    private readonly metrics: ApiMetrics,
  ) {}

  @Post('stream/start')
  @ApiOperation({ summary: 'Start a camera: a worker is chosen, and goes on until it is stopped' })
  @Access('operator')
  @ZodResponse({ status: 202, type: StreamCommandAnswerDto })
  start(@Param('id') id: string, @Caller() caller: Principal) {
    return this.streams.start(caller.tenantId, id);
  }

  @Post('stream/stop')
  @ApiOperation({ summary: 'Stop a camera' })
  @Access('operator')
  @ZodResponse({ status: 202, type: StreamCommandAnswerDto })
  stop(@Param('id') id: string, @Caller() caller: Principal) {
    return this.streams.stop(caller.tenantId, id);
  }

  @Get('stream/status')
  @ApiOperation({ summary: 'How a stream does, and why it shows nothing' })
  @Access('viewer')
  @ZodResponse({ status: 200, type: StreamStatusDto })
  status(@Param('id') id: string, @Caller() caller: Principal) {
    return this.streams.status(caller.tenantId, id);
  }

  @Post('stream/ticket')
  @ApiOperation({ summary: 'A token for a URL (`?ticket=`), good for this camera and a minute' })
  @Access('viewer')
  @ZodResponse({ status: 201, type: TicketAnswerDto })
  async ticket(@Param('id') id: string, @Caller() caller: Principal) {
    await this.cameras.existing(caller.tenantId, id);
    return this.tickets.issue({ cameraId: id, tenantId: caller.tenantId });
  }

  @Get('stream/feed')
  @ApiOperation({ summary: 'The live picture as MJPEG, for any browser or player' })
  @Access('viewer', { ticket: true })
  @ApiProduces('multipart/x-mixed-replace')
  async feed(
    @Param('id') id: string,
    @Query() query: FeedQueryDto,
    @Caller() caller: Principal,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { width, overlay, fps } = query;
    const stop = await this.viewing.watch(caller.tenantId, { cameraId: id, width, overlay }, () => {
      reply.hijack();
      return new MjpegViewer(reply.raw, { fps, onDrop: () => this.metrics.viewerFramesDropped.inc() });
    });
    const release = this.openStreams.hold(caller, () => reply.raw.destroy());
    const closed = () => {
      stop();
      release();
    };
    reply.raw.on('close', closed);
    if (reply.raw.destroyed) closed();
  }

  @Get('snapshot.jpg')
  @ApiOperation({ summary: 'The newest picture of a camera' })
  @Access('viewer', { ticket: true })
  @ApiProduces('image/jpeg')
  async snapshot(
    @Param('id') id: string,
    @Query() _query: SnapshotQueryDto,
    @Caller() caller: Principal,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { jpeg, timestampMs } = await this.viewing.snapshot(caller.tenantId, id);
    await reply
      .headers({
        'Content-Type': 'image/jpeg',
        'Cache-Control': 'no-store',
        'X-Timestamp': String(timestampMs),
      })
      .send(jpeg);
  }
}
