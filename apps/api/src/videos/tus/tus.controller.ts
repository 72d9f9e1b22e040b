import { CamfleetError } from '@camfleet/domain';
import type { VideoRow } from '@camfleet/database';
import { Controller, Delete, Head, HttpCode, Options, Param, Patch, Post, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Access, Caller } from '../../auth/access.decorator';
import { demand, type Principal } from '../../auth/principal';
import { IntakeService } from '../intake.service';
import { TusService } from './tus.service';

const TUS = { 'Tus-Resumable': '1.0.0', 'Cache-Control': 'no-store' };

/** Resumable uploads: tus 1.0. The id in `Location` is the video's. */
@ApiTags('Recorded video')
@Controller('api/uploads')
@Access('operator')
export class TusController {
  constructor(
    private readonly tus: TusService,
    private readonly intake: IntakeService,
  ) {}

  @Options()
  @ApiOperation({ summary: 'tus: what the server can do' })
  options(@Req() request: FastifyRequest, @Res() reply: FastifyReply, @Caller() { tenantId }: Principal) {
    return this.tus.handle({ tenantId }, request, reply);
  }

  @Post()
  @ApiOperation({ summary: "tus: begin a resumable upload; the id in `Location` is the video's" })
  create(@Req() request: FastifyRequest, @Res() reply: FastifyReply, @Caller() { tenantId }: Principal) {
    return this.tus.handle({ tenantId }, request, reply);
  }

  @Head(':id')
  @ApiOperation({ summary: 'tus: how many bytes are there' })
  async progress(
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Caller() { tenantId }: Principal,
  ): Promise<void> {
    const video = await this.finished(await this.intake.find(tenantId, id));
    if (video.status === 'receiving')
      return this.tus.handle({ tenantId, rawKey: video.rawKey, videoId: id }, request, reply);
    const size = sizeOf(video);
    await reply.headers({ ...TUS, 'Upload-Offset': size, 'Upload-Length': size }).send();
  }

  @Patch(':id')
  @ApiOperation({ summary: 'tus: send bytes from an offset on' })
  async send(
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Caller() { tenantId }: Principal,
  ): Promise<void> {
    const found = await this.intake.find(tenantId, id);
    const offset = request.headers['upload-offset'];
    const video = offset === sizeOf(found) ? await this.finished(found) : found;
    if (video.status === 'receiving')
      return this.tus.handle({ tenantId, rawKey: video.rawKey, videoId: id }, request, reply);
    // The last answer was lost on its way: the client asks again, and sends nothing.
    if (offset !== sizeOf(video))
      throw new CamfleetError('UPLOAD_OFFSET_MISMATCH', 'All of this upload is there already.');
    for await (const chunk of request.raw)
      if (Buffer.byteLength(chunk) > 0)
        throw new CamfleetError('BODY_TOO_LARGE', 'All of this upload is there already.');
    await this.intake.look(video);
    await reply
      .status(204)
      .headers({ ...TUS, 'Upload-Offset': sizeOf(video) })
      .send();
  }

  /** The last bytes came, and whoever sent them has no answer: they need not be sent again. */
  private async finished(video: VideoRow): Promise<VideoRow> {
    if (video.status !== 'receiving' || !(await this.tus.finishIfWhole(video))) return video;
    return this.intake.find(video.tenantId, video.id);
  }

  @Delete(':id')
  @ApiOperation({ summary: 'tus: give an upload up; what is all there only an admin deletes' })
  @HttpCode(204)
  async cancel(
    @Param('id') id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Caller() caller: Principal,
  ): Promise<void> {
    const { tenantId } = caller;
    // What was received is a video, as any other.
    if ((await this.intake.find(tenantId, id)).status !== 'receiving') demand(caller, 'admin');
    await this.intake.forget(tenantId, id);
    void reply.headers(TUS);
  }
}

function sizeOf({ sizeBytes }: VideoRow): string {
  return String(sizeBytes);
}
