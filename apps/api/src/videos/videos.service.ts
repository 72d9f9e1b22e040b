import { type VideoRow, VideosRepository } from '@camfleet/database';
import type {
  Page,
  PageQuery,
  Quota,
  UpdateQuota,
  Video,
  VideoListQuery,
  VideoLogEntry,
} from '@camfleet/protocol';
import { AssetStore } from '@camfleet/storage';
import { Injectable } from '@nestjs/common';
import { AssetSweeper } from '../assets/asset-sweeper';
import { videoNotFound } from './video-not-found';
import { toView } from './video-view';

const THUMBNAIL = { expiresInSeconds: 3_600, contentType: 'image/jpeg' };

/** Recorded videos as their owners see them. */
@Injectable()
export class VideosService {
  constructor(
    private readonly videos: VideosRepository,
    private readonly assets: AssetStore,
    private readonly sweeper: AssetSweeper,
  ) {}

  async list(tenantId: string, query: VideoListQuery): Promise<Page<Video>> {
    const { items, nextCursor } = await this.videos.list(tenantId, query);
    return { items: await this.toViews(items), nextCursor };
  }

  async view(tenantId: string, id: string): Promise<Video> {
    const [view] = await this.toViews([await this.existing(tenantId, id)]);
    if (!view) throw videoNotFound();
    return view;
  }

  async logs(tenantId: string, id: string, page: PageQuery): Promise<Page<VideoLogEntry>> {
    await this.existing(tenantId, id);
    const { items, nextCursor } = await this.videos.logs(id, page);
    return {
      nextCursor,
      items: items.map(({ at, level, event, data }) => ({
        at: at.toISOString(),
        level: level === 'error' || level === 'warn' ? level : 'info',
        event,
        data: typeof data === 'object' && data !== null && !Array.isArray(data) ? data : {},
      })),
    };
  }

  /** Rows and files: nothing is left. Throws `VIDEO_NOT_FOUND`. */
  async delete(tenantId: string, id: string): Promise<void> {
    const doomed = await this.videos.delete(tenantId, id);
    if (!doomed) throw videoNotFound();
    await this.sweeper.remove(doomed);
  }

  async quota(tenantId: string): Promise<Quota> {
    const { usedBytes, limitBytes, usedVideos, limitVideos } = await this.videos.quota(tenantId);
    const left = Math.max(0, limitBytes - usedBytes);
    const room = Math.min(left, (await this.assets.roomBytes()) ?? left);
    return {
      bytes: { used: usedBytes, limit: limitBytes, room },
      videosPerDay: { used: usedVideos, limit: limitVideos },
    };
  }

  async setQuota(tenantId: string, change: UpdateQuota): Promise<Quota> {
    await this.videos.setQuota(tenantId, change);
    return this.quota(tenantId);
  }

  /** The tenant of a video, or `null` when there is none of this id. */
  async ownerOf(id: string): Promise<string | null> {
    return (await this.videos.find(null, id))?.tenantId ?? null;
  }

  /** `tenantId` `null`: of any tenant. Throws `VIDEO_NOT_FOUND`, also for another tenant's video. */
  async existing(tenantId: string | null, id: string): Promise<VideoRow> {
    const video = await this.videos.find(tenantId, id);
    if (!video) throw videoNotFound();
    return video;
  }

  clipOf(tenantId: string | null, eventId: string): Promise<VideoRow | null> {
    return this.videos.findClip(tenantId, eventId);
  }

  private async toViews(rows: readonly VideoRow[]): Promise<Video[]> {
    const jobs = await this.videos.jobs(rows.map(({ id }) => id));
    const without = rows.filter(({ thumbnailKey }) => thumbnailKey === null).map(({ id }) => id);
    const snapshots = await this.videos.firstSnapshots(without);
    return Promise.all(
      rows.map(async (row) => {
        const key = row.thumbnailKey ?? snapshots.get(row.id);
        const thumbnailUrl = key === undefined ? undefined : await this.assets.presignGet(key, THUMBNAIL);
        return toView(row, { jobs, thumbnailUrl });
      }),
    );
  }
}
