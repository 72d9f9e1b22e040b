import {
  PageQuery,
  PresignAnswer,
  PresignRequest,
  ProcessAnswer,
  ProcessRequest,
  Video,
  VideoListQuery,
  VideoLogPage,
  VideoPage,
} from '@camfleet/protocol';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { ZodResponse, createZodDto } from 'nestjs-zod';
import { originOf } from '../assets/send-asset';
import { Access, Caller } from '../auth/access.decorator';
import type { Principal } from '../auth/principal';
import { FormUploadService } from './form-upload.service';
import { PresignedUploadService } from './presigned-upload.service';
import { ProcessingService } from './processing.service';
import { VideosService } from './videos.service';

class VideoDto extends createZodDto(Video) {}
class VideoPageDto extends createZodDto(VideoPage) {}
class VideoListQueryDto extends createZodDto(VideoListQuery) {}
class VideoLogPageDto extends createZodDto(VideoLogPage) {}
class PageQueryDto extends createZodDto(PageQuery) {}
class PresignRequestDto extends createZodDto(PresignRequest) {}
class PresignAnswerDto extends createZodDto(PresignAnswer) {}
class ProcessRequestDto extends createZodDto(ProcessRequest) {}
class ProcessAnswerDto extends createZodDto(ProcessAnswer) {}

const FORM = {
  schema: {
    type: 'object',
    properties: {
      recordedAt: { type: 'string' },
      analyses: { type: 'string', description: 'frames,faces,objects' },
      file: { type: 'string', format: 'binary' },
    },
  },
};

@ApiTags('Recorded video')
@Controller('api/videos')
export class VideosController {
  constructor(
    private readonly videos: VideosService,
    private readonly forms: FormUploadService,
    private readonly presigned: PresignedUploadService,
    private readonly processing: ProcessingService,
  ) {}

  @Post()
  @ApiOperation({
    summary: 'Upload a recording as a form',
    description:
      'The video is the field `file`; `recordedAt` and `analyses` come before it. Large files: tus, at `/api/uploads`.',
  })
  @Access('operator')
  @ApiConsumes('multipart/form-data')
  @ApiBody(FORM)
  @ZodResponse({ status: 201, type: VideoDto })
  async upload(@Req() request: FastifyRequest, @Caller() { tenantId }: Principal) {
    return this.videos.view(tenantId, await this.forms.receive(tenantId, request));
  }

  @Post('presign')
  @ApiOperation({ summary: 'A URL to PUT a recording straight to the store' })
  @Access('operator')
  @ZodResponse({ status: 201, type: PresignAnswerDto })
  presign(
    @Body() body: PresignRequestDto,
    @Req() request: FastifyRequest,
    @Caller() { tenantId }: Principal,
  ) {
    return this.presigned.presign(tenantId, body, originOf(request));
  }

  @Post(':id/complete')
  @ApiOperation({ summary: 'The recording is where it was to be put: look at it, and begin its analyses' })
  @Access('operator')
  @HttpCode(200)
  @ZodResponse({ status: 200, type: VideoDto })
  async complete(@Param('id') id: string, @Caller() { tenantId }: Principal) {
    await this.presigned.complete(tenantId, id);
    return this.videos.view(tenantId, id);
  }

  @Get()
  @ApiOperation({ summary: 'Recordings, newest first' })
  @Access('viewer')
  @ZodResponse({ status: 200, type: VideoPageDto })
  list(@Query() query: VideoListQueryDto, @Caller() { tenantId }: Principal) {
    return this.videos.list(tenantId, query);
  }

  @Get(':id')
  @ApiOperation({ summary: 'One recording' })
  @Access('viewer')
  @ZodResponse({ status: 200, type: VideoDto })
  find(@Param('id') id: string, @Caller() { tenantId }: Principal) {
    return this.videos.view(tenantId, id);
  }

  @Get(':id/logs')
  @ApiOperation({ summary: 'What happened to a recording' })
  @Access('viewer')
  @ZodResponse({ status: 200, type: VideoLogPageDto })
  logs(@Param('id') id: string, @Query() query: PageQueryDto, @Caller() { tenantId }: Principal) {
    return this.videos.logs(tenantId, id, query);
  }

  @Delete(':id')
  @ApiOperation({ summary: 'Delete a recording and all that was found in it' })
  @Access('admin')
  @HttpCode(204)
  delete(@Param('id') id: string, @Caller() { tenantId }: Principal): Promise<void> {
    return this.videos.delete(tenantId, id);
  }

  @Post(':id/process')
  @ApiOperation({
    summary: 'Analyse a recording',
    description: 'The same request again changes nothing; other parameters begin anew.',
  })
  @Access('operator')
  @HttpCode(202)
  @ZodResponse({ status: 202, type: ProcessAnswerDto })
  async process(@Param('id') id: string, @Body() body: ProcessRequestDto, @Caller() { tenantId }: Principal) {
    return { jobs: await this.processing.process(tenantId, id, body) };
  }
}
