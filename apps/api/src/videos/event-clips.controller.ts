import { ClipRequest, ClipUpload } from '@camfleet/protocol';
import { Body, Controller, HttpCode, Param, Post, Req } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { ZodResponse, createZodDto } from 'nestjs-zod';
import { originOf } from '../assets/send-asset';
import { Access, Caller } from '../auth/access.decorator';
import { type Principal, tenantOfWorkers } from '../auth/principal';
import { EventClipsService } from './event-clips.service';

class ClipRequestDto extends createZodDto(ClipRequest) {}
class ClipUploadDto extends createZodDto(ClipUpload) {}

@ApiTags('Events')
@Controller('api/events/:id/clip')
@Access('worker')
export class EventClipsController {
  constructor(private readonly clips: EventClipsService) {}

  @Post()
  @ApiOperation({ summary: 'A URL to PUT the clip of an event to' })
  @HttpCode(200)
  @ZodResponse({ status: 200, type: ClipUploadDto })
  begin(
    @Param('id') eventId: string,
    @Body() { sizeBytes, startedAt }: ClipRequestDto,
    @Caller() caller: Principal,
    @Req() request: FastifyRequest,
  ) {
    return this.clips.begin(tenantOfWorkers(caller), {
      ...{ eventId, sizeBytes, startedAt },
      origin: originOf(request),
    });
  }

  @Post('complete')
  @ApiOperation({ summary: "The clip's bytes are where they were to be put" })
  @HttpCode(204)
  complete(@Param('id') eventId: string, @Caller() caller: Principal): Promise<void> {
    return this.clips.complete(tenantOfWorkers(caller), eventId);
  }
}
