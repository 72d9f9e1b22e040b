import { CamfleetError } from '@camfleet/domain';
import { ImageAnalysesRepository, type ImageAnalysisWithResults, VideosRepository } from '@camfleet/database';
import { ImageAnalysisPage, ImageAnalysisView, PageQuery } from '@camfleet/protocol';
import { AssetStore } from '@camfleet/storage';
import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ZodResponse, createZodDto } from 'nestjs-zod';
import { Access, Caller } from '../auth/access.decorator';
import type { Principal } from '../auth/principal';

class PageQueryDto extends createZodDto(PageQuery) {}
class ImageAnalysisPageDto extends createZodDto(ImageAnalysisPage) {}

/** As long as a page is looked at. */
const URL_SECONDS = 3_600;

@ApiTags('Recorded video')
@Controller('api/videos')
export class AnalysesController {
  constructor(
    private readonly videos: VideosRepository,
    private readonly analyses: ImageAnalysesRepository,
    private readonly assets: AssetStore,
  ) {}

  @Get(':id/analyses')
  @ApiOperation({ summary: "What classifiers say of a recording's snapshots, by track" })
  @Access('viewer')
  @ZodResponse({ status: 200, type: ImageAnalysisPageDto })
  async list(@Param('id') videoId: string, @Query() query: PageQueryDto, @Caller() caller: Principal) {
    const { tenantId } = caller;
    if (!(await this.videos.find(tenantId, videoId)))
      throw new CamfleetError('VIDEO_NOT_FOUND', 'There is no such video.');
    const page = await this.analyses.list({ tenantId, videoId }, query);
    return { ...page, items: await Promise.all(page.items.map((row) => this.view(row))) };
  }

  private async view(row: ImageAnalysisWithResults): Promise<ImageAnalysisView> {
    return ImageAnalysisView.parse({
      ...row,
      key: row.snapshotS3Key,
      url: await this.assets.presignGet(row.snapshotS3Key, { expiresInSeconds: URL_SECONDS }),
    });
  }
}
