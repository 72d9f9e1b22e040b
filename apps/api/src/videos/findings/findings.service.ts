import { CamfleetError } from '@camfleet/domain';
import { FindingsPagesRepository, VideosRepository } from '@camfleet/database';
import type { FrameView, Page, PageQuery, SnapshotView, TrackListQuery, TrackView } from '@camfleet/protocol';
import { AssetStore } from '@camfleet/storage';
import { Injectable } from '@nestjs/common';

/** Long enough to look at a page of pictures; a reload gives new ones. */
const PICTURE = { expiresInSeconds: 3600, contentType: 'image/jpeg' };

interface Asked {
  tenantId: string;
  videoId: string;
}

/** What was found in a video. Throws `VIDEO_NOT_FOUND`. */
@Injectable()
export class FindingsService {
  constructor(
    private readonly findings: FindingsPagesRepository,
    private readonly videos: VideosRepository,
    private readonly assets: AssetStore,
  ) {}

  async frames(asked: Asked, query: PageQuery): Promise<Page<FrameView>> {
    await this.require(asked);
    return this.withUrls(await this.findings.frames({ ...asked, ...query }));
  }

  async snapshots(asked: Asked, query: PageQuery): Promise<Page<SnapshotView>> {
    await this.require(asked);
    return this.withUrls(await this.findings.snapshots({ ...asked, ...query }));
  }

  async tracks(asked: Asked, query: TrackListQuery): Promise<Page<TrackView>> {
    await this.require(asked);
    const { analysis, boxes, fromMs, toMs, ...page } = query;
    const { items, nextCursor } = await this.findings.tracks(
      { ...asked, ...page },
      { analysis, boxes, fromMs, toMs },
    );
    const views = items.map(({ boxes: seen, pictureEventId, personId, personName, ...track }) => ({
      ...track,
      ...(seen && { boxes: seen }),
      ...(pictureEventId && {
        snapshotUrl: `/api/events/${encodeURIComponent(pictureEventId)}/snapshot.jpg`,
      }),
      ...(personId && { personId }),
      ...(personName && { personName }),
    }));
    return { items: views, nextCursor };
  }

  private async require({ tenantId, videoId }: Asked): Promise<void> {
    if (!(await this.videos.find(tenantId, videoId)))
      throw new CamfleetError('VIDEO_NOT_FOUND', 'There is no such video.');
  }

  private async withUrls<Row extends { key: string }>({ items, nextCursor }: Page<Row>) {
    const views = items.map(async (row) => ({ ...row, url: await this.assets.presignGet(row.key, PICTURE) }));
    return { items: await Promise.all(views), nextCursor };
  }
}
