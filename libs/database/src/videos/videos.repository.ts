import type { Page } from '@camfleet/protocol';
import { announce } from '../changes';
import type { Database, Transaction } from '../database';
import { doomFiles, doomLater } from '../doomed-files.repository';
import { forgetSomeTracks } from '../findings/video-events';
import type {
  Prisma,
  Tenant as TenantRow,
  Video as VideoRow,
  VideoLog as VideoLogRow,
} from '../generated/client';
import { decodeCursor, pageOfRows } from '../page';
import { type QuotaState, readQuota } from './video-quota';

export type { TenantRow, VideoLogRow, VideoRow };

/** A job as a video's page shows it. */
export interface VideoJobRow {
  videoId: string;
  id: number;
  analysisType: string;
  state: 'queued' | 'leased' | 'done' | 'dead';
  attemptCount: number;
  progress: number;
  lastError: string | null;
}

/** Recorded videos. One that is still being received is nobody's to see. */
export class VideosRepository {
  constructor(private readonly database: Database) {}

  private get videos() {
    return this.database.prisma.video;
  }

  /** `tenantId` `null`: of any tenant. */
  find(tenantId: string | null, id: string): Promise<VideoRow | null> {
    const where = { id, status: { not: 'receiving' }, ...(tenantId !== null && { tenantId }) };
    return this.videos.findFirst({ where });
  }

  async tenant(id: string): Promise<TenantRow> {
    return this.database.prisma.tenant.findUniqueOrThrow({ where: { id } });
  }

  /** Whose workspace an id names. */
  workspace(workspaceId: string): Promise<TenantRow | null> {
    return this.database.prisma.tenant.findUnique({ where: { workspaceId } });
  }

  /** Of an event whose clip is there. */
  findClip(tenantId: string | null, eventId: string): Promise<VideoRow | null> {
    const where = { eventId, status: { not: 'receiving' }, ...(tenantId !== null && { tenantId }) };
    return this.videos.findFirst({ where });
  }

  /** What somebody uploaded, the newest first. */
  async list(
    tenantId: string,
    { limit, cursor, status }: { limit: number; cursor?: string; status?: string },
  ): Promise<Page<VideoRow>> {
    const after = decodeCursor(cursor);
    const createdAt = after && new Date(after.at);
    const rows = await this.videos.findMany({
      where: {
        tenantId,
        eventId: null,
        status: status ?? { not: 'receiving' },
        ...(after && { OR: [{ createdAt: { lt: createdAt } }, { createdAt, id: { lt: after.id } }] }),
      },
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      take: limit + 1,
    });
    return pageOfRows(rows, { limit, cursorOf: (row) => ({ at: row.createdAt.getTime(), id: row.id }) });
  }

  /** The jobs that videos wait for, in the order in which they were asked for. */
  async jobs(videoIds: readonly string[]): Promise<VideoJobRow[]> {
    const rows = await this.database.prisma.$queryRaw<(Omit<VideoJobRow, 'id'> & { id: bigint })[]>`
      SELECT video_id AS "videoId", id, analysis_type AS "analysisType", state, attempt_count AS "attemptCount",
        CASE WHEN state = 'done' THEN 1 ELSE progress END AS progress, last_error AS "lastError"
      FROM vision_jobs WHERE video_id = ANY(${[...videoIds]}::text[]) AND advances_video ORDER BY id`;
    return rows.map((row) => ({ ...row, id: Number(row.id) }));
  }

  /** The key of one for each video that has any: what it looks like where no frames were taken. */
  async firstSnapshots(videoIds: readonly string[]): Promise<Map<string, string>> {
    if (videoIds.length === 0) return new Map();
    const rows = await this.database.prisma.$queryRaw<{ videoId: string; key: string }[]>`
      SELECT v.id AS "videoId", s.key FROM unnest(${[...videoIds]}::text[]) AS v (id)
      CROSS JOIN LATERAL (SELECT key FROM snapshots WHERE video_id = v.id ORDER BY track_id LIMIT 1) s`;
    return new Map(rows.map(({ videoId, key }) => [videoId, key]));
  }

  /** The oldest first. */
  async logs(videoId: string, page: { limit: number; cursor?: string }): Promise<Page<VideoLogRow>> {
    const after = decodeCursor(page.cursor);
    const rows = await this.database.prisma.videoLog.findMany({
      where: { videoId, ...(after && { id: { gt: BigInt(after.at) } }) },
      orderBy: { id: 'asc' },
      take: page.limit + 1,
    });
    return pageOfRows(rows, {
      limit: page.limit,
      cursorOf: ({ id }) => ({ at: Number(id), id: 'log' }),
    });
  }

  quota(tenantId: string): Promise<QuotaState> {
    return this.database.prisma.$transaction((tx) => readQuota(tx, tenantId));
  }

  async setQuota(
    tenantId: string,
    { bytes, videosPerDay }: { bytes?: number | null; videosPerDay?: number | null },
  ): Promise<void> {
    await this.database.prisma.tenant.update({
      where: { id: tenantId },
      data: {
        ...(bytes !== undefined && { quotaBytes: bytes === null ? null : BigInt(bytes) }),
        ...(videosPerDay !== undefined && { quotaVideosPerDay: videosPerDay }),
      },
    });
  }

  /** Changes a video, held meanwhile, together with what `work` does. `null` when there is none. */
  change<Result>(
    tenantId: string,
    id: string,
    work: (tx: Transaction, video: VideoRow) => Promise<Result>,
  ): Promise<Result | null> {
    return this.database.prisma.$transaction(async (tx) => {
      await tx.$executeRaw`SELECT 1 FROM videos WHERE id = ${id} FOR UPDATE`;
      const video = await tx.video.findFirst({ where: { tenantId, id, status: { not: 'receiving' } } });
      if (!video) return null;
      const result = await work(tx, video);
      await announce(tx, [{ kind: 'video', id }]);
      return result;
    });
  }

  /** Every row of it, and all files under its folder. Answers the keys that are doomed; `null` when there is none. */
  async delete(tenantId: string, id: string): Promise<string[] | null> {
    return deleteInParts(this.database, id, (tx) => tx.video.findFirst({ where: { tenantId, id } }));
  }
}

/** `{prefix}/{workspaceId}/{videoId}/`: everything of a video lies there. */
export function folderOf({ rawKey }: Pick<VideoRow, 'rawKey'>): string {
  return rawKey.slice(0, rawKey.lastIndexOf('/raw/') + 1);
}

/**
 * Where a signed URL brings the bytes: whoever has the URL may put there until it ends, so that the video itself lies
 * elsewhere once it was received.
 */
export function incomingKeyOf(rawKey: string): string {
  return `${incomingFolderOf(rawKey)}${rawKey.slice(rawKey.lastIndexOf('/') + 1)}`;
}

export function incomingFolderOf(rawKey: string): string {
  return `${rawKey.slice(0, rawKey.lastIndexOf('/') + 1)}incoming/`;
}

/** How long a URL that was given out may still bring files of a video that is gone. */
const LATE_FILES_MS = 25 * 3_600_000;

/** What goes with the video itself is still a hundred thousand rows of a busy day. */
const DELETE_TIMEOUT_MS = 60_000;

/**
 * A video that may have been looked through, in as many transactions as that takes; one that is broken off has done a
 * part, and the next one does the rest. `find` answers it, its row being held, if it is (still) to go. Answers the keys
 * that are doomed; `null` when nothing is to go.
 */
export async function deleteInParts(
  database: Database,
  id: string,
  find: (tx: Transaction) => Promise<VideoRow | null>,
): Promise<string[] | null> {
  for (;;) {
    const doomed = await database.prisma.$transaction(
      async (tx) => {
        // The video first, as whoever ends one of its jobs; then what hangs on it.
        await tx.$executeRaw`SELECT 1 FROM videos WHERE id = ${id} FOR UPDATE`;
        const video = await find(tx);
        if (!video) return null;
        const isForgotten = await forgetSomeTracks(tx, { tenantId: video.tenantId, videoId: id });
        return isForgotten ? deleteVideo(tx, video) : undefined;
      },
      { timeout: DELETE_TIMEOUT_MS, maxWait: 5_000 },
    );
    if (doomed !== undefined) return doomed;
  }
}

/**
 * In one transaction, which holds the video's row: its rows, and the names of its files among those to go; answers these.
 * Of one in which no tracks were found, or whose tracks are forgotten.
 */
export async function deleteVideo(tx: Transaction, video: VideoRow): Promise<string[]> {
  const { id } = video;
  await tx.$executeRaw`DELETE FROM vision_results WHERE job_id IN (SELECT id FROM vision_jobs WHERE video_id = ${id})`;
  await tx.$executeRaw`DELETE FROM vision_jobs WHERE video_id = ${id}`;
  await tx.video.delete({ where: { id } });
  const folder = folderOf(video);
  await doomFiles(tx, [folder]);
  // Once more when no URL that a worker or client may hold can bring another file.
  await doomLater(tx, `${folder}*`, LATE_FILES_MS);
  await announce(tx, [{ kind: 'video', id }]);
  return [folder];
}

/** A line of a video's log. */
export async function logVideo(
  tx: Transaction,
  videoId: string,
  entry: { level?: 'info' | 'warn' | 'error'; event: string; data?: Prisma.InputJsonObject },
): Promise<void> {
  await tx.videoLog.create({ data: { videoId, level: 'info', data: {}, ...entry } });
}
