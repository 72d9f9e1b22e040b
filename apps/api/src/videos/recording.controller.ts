import { EventsRepository, type VideoRow } from '@camfleet/database';
import { AssetStore } from '@camfleet/storage';
import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { sendAsset } from '../assets/send-asset';
import { Access, Caller } from '../auth/access.decorator';
import { type Principal, tenantOfWorkers } from '../auth/principal';
import { videoNotFound } from './video-not-found';
import { VideosService } from './videos.service';

/** The bytes of a video, as players and workers of an older system ask for them. */
@ApiTags('Recorded video')
@Controller('video')
export class RecordingController {
  constructor(
    private readonly videos: VideosService,
    private readonly events: EventsRepository,
    private readonly assets: AssetStore,
  ) {}

  @Get(':id')
  @ApiOperation({
    summary: 'The video of an upload or event, with `Range`',
    description: "`id` is a video's or an event's: the event's clip, or the recording that it was found in.",
  })
  @Access('viewer', { worker: true, trustedNetwork: true })
  async play(
    @Param('id') id: string,
    @Caller() caller: Principal,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const tenantId = caller.role === 'worker' ? tenantOfWorkers(caller) : caller.tenantId;
    const { rawKey: key, contentType } = await this.videoOf(tenantId, id);
    await sendAsset(this.assets, { key, contentType }, { request, reply });
  }

  private async videoOf(tenantId: string | null, id: string): Promise<VideoRow> {
    const upload = await this.videos.existing(tenantId, id).catch(() => null);
    if (upload) return upload;
    const clip = await this.videos.clipOf(tenantId, id);
    if (clip) return clip;
    const event = await this.events.find(tenantId, id);
    if (!event?.videoId) throw videoNotFound();
    return this.videos.existing(tenantId, event.videoId);
  }
}
