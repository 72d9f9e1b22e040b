import { announce } from '../changes';
import type { Database } from '../database';
import { doomFiles, doomLater } from '../doomed-files.repository';
import type { Video as VideoRow } from '../generated/client';
import { demandRoom, growWithinQuota } from './video-quota';
import { deleteVideo, folderOf, incomingFolderOf, logVideo } from './videos.repository';

export interface NewVideo {
  id: string;
  tenantId: string;
  workspaceId: string;
  fileName: string;
  contentType: string;
  rawKey: string;
  /** As announced; 0 when nobody knows yet. */
  sizeBytes: number;
  recordedAt?: string | undefined;
  /** What it is looked through for as soon as it is checked. */
  wantedAnalyses?: string[] | undefined;
  /** The event whose clip it is. */
  eventId?: string | undefined;
  /** For so long its bytes may take. */
  expiresInMs: number;
  /** They come by a signed URL: whatever else comes by it goes when it is over. */
  comesByUrl?: boolean | undefined;
}

/** A URL that was signed for the last time just before its video expires is over by then. */
const LATE_URL_MS = 3_600_000;

/** What a worker found in the file. */
export interface VideoFacts {
  durationMs: number | null;
  firstPictureMs?: number | undefined;
  fps: number | null;
  codec: string;
  width: number;
  height: number;
}

/** Before, a video that could not be looked at is not tried again. */
const CHECK_AGAIN_MS = 4_000;

/** `{prefix}/{workspaceId}/{videoId}/raw/{file}`, or what lies beside `raw`. */
const VIDEO_KEY = /(?:^|\/)[0-9a-f-]{36}\/([0-9a-f-]{36})\/(raw\/)?/;

/** A video on its way in: announced, received, checked or refused. */
export class VideoIntakeRepository {
  constructor(private readonly database: Database) {}

  /** Throws `QUOTA_EXCEEDED`, `TOO_MANY_REQUESTS`. Answers what is left of the quota beside it, in bytes. */
  announce({
    expiresInMs,
    comesByUrl = false,
    recordedAt,
    sizeBytes,
    wantedAnalyses = [],
    ...video
  }: NewVideo): Promise<{ leftBytes: number }> {
    return this.database.prisma.$transaction(async (tx) => {
      const { limitBytes, usedBytes } = await demandRoom(tx, { ...video, sizeBytes });
      await tx.video.create({
        data: {
          ...video,
          sizeBytes: BigInt(sizeBytes),
          wantedAnalyses,
          recordedAt: recordedAt === undefined ? null : new Date(recordedAt),
        },
      });
      // By the database's clock, as everything that ends.
      await tx.$executeRaw`
        UPDATE videos SET expires_at = now() + ${expiresInMs} * interval '1 millisecond' WHERE id = ${video.id}`;
      if (comesByUrl) await doomLater(tx, `${incomingFolderOf(video.rawKey)}*`, expiresInMs + LATE_URL_MS);
      return { leftBytes: limitBytes - usedBytes - sizeBytes };
    });
  }

  /**
   * The bytes of a video that is being received are `atLeast` so many, and will be `atMost`: it counts against the quota
   * with what is answered, between the two. Throws `QUOTA_EXCEEDED`, and then nothing has changed.
   */
  reserve(
    video: { tenantId: string; id: string },
    size: { atLeast: number; atMost: number },
  ): Promise<number> {
    return this.database.prisma.$transaction((tx) => growWithinQuota(tx, video, size));
  }

  /** Received or not. */
  find(tenantId: string, id: string): Promise<VideoRow | null> {
    return this.database.prisma.video.findFirst({ where: { tenantId, id } });
  }

  /** The clip of an event, received or not. */
  findClip(tenantId: string, eventId: string): Promise<VideoRow | null> {
    return this.database.prisma.video.findFirst({ where: { tenantId, eventId } });
  }

  findByKey(rawKey: string): Promise<VideoRow | null> {
    return this.database.prisma.video.findUnique({ where: { rawKey } });
  }

  /**
   * Whether a file may still come by a signed URL: its video is there, and, where it would be the video itself, has not
   * been received yet.
   */
  async takes(key: string): Promise<boolean> {
    const [, id, raw] = VIDEO_KEY.exec(key) ?? [];
    if (id === undefined) return true;
    const video = await this.database.prisma.video.findUnique({ where: { id }, select: { status: true } });
    return video !== null && (raw === undefined || video.status === 'receiving');
  }

  /** All its bytes are there. False when that was known. */
  received(
    id: string,
    {
      sizeBytes,
      spareKeys,
      traceparent,
    }: { sizeBytes: number; spareKeys: string[]; traceparent: string | undefined },
  ): Promise<boolean> {
    return this.database.prisma.$transaction(async (tx) => {
      const { count } = await tx.video.updateMany({
        where: { id, status: 'receiving' },
        data: {
          status: 'uploaded',
          sizeBytes: BigInt(sizeBytes),
          traceparent,
          uploadedAt: new Date(),
          expiresAt: null,
          writer: null,
        },
      });
      if (count === 0) return false;
      await doomFiles(tx, spareKeys);
      await logVideo(tx, id, { event: 'video.uploaded', data: { sizeBytes } });
      await announce(tx, [{ kind: 'video', id }]);
      return true;
    });
  }

  checked(id: string, facts: VideoFacts): Promise<void> {
    return this.database.prisma.$transaction(async (tx) => {
      const { count } = await tx.video.updateMany({
        where: { id, checkedAt: null },
        data: { ...facts, checkedAt: new Date(), errorCode: null, errorMessage: null },
      });
      if (count === 0) return;
      await logVideo(tx, id, { event: 'video.checked', data: { ...facts } });
      await announce(tx, [{ kind: 'video', id }]);
    });
  }

  /** It is none that is taken: its file goes, the row says why. */
  refused(id: string, error: { code: string; message: string }): Promise<void> {
    return this.database.prisma.$transaction(async (tx) => {
      const { count } = await tx.video.updateMany({
        where: { id, checkedAt: null },
        data: {
          status: 'error',
          errorCode: error.code,
          errorMessage: error.message,
          checkedAt: new Date(),
          sizeBytes: 0n,
          wantedAnalyses: [],
          told: false,
        },
      });
      if (count === 0) return;
      const video = await tx.video.findUniqueOrThrow({ where: { id } });
      await doomFiles(tx, [folderOf(video)]);
      await logVideo(tx, id, { level: 'error', event: 'video.refused', data: error });
      await announce(tx, [{ kind: 'video', id }]);
    });
  }

  /**
   * Some of those that were received and that nobody could look at yet, or whose jobs, asked for with the upload, are
   * not queued yet; none that was taken in the last seconds. Tenants take turns, and the videos of each: whoever has no
   * worker, and a file that cannot be looked at, hold up nobody.
   */
  unsettled(limit: number): Promise<VideoRow[]> {
    return this.database.prisma.$transaction(async (tx) => {
      const taken = await tx.$queryRaw<{ id: string }[]>`
        WITH due AS (
          SELECT id, check_tried_at, uploaded_at,
            row_number() OVER (PARTITION BY tenant_id ORDER BY check_tried_at NULLS FIRST, uploaded_at) AS turn
          FROM videos
          WHERE ((status = 'uploaded' AND checked_at IS NULL)
              OR (wanted_analyses <> '{}' AND status NOT IN ('receiving', 'error')))
            AND (check_tried_at IS NULL OR check_tried_at < now() - ${CHECK_AGAIN_MS} * interval '1 millisecond')
          ORDER BY turn, check_tried_at NULLS FIRST, uploaded_at LIMIT ${limit}
        ), free AS (
          -- While what was found in one is being stored, its row is locked: it is looked at later.
          SELECT id FROM videos WHERE id IN (SELECT id FROM due) FOR UPDATE SKIP LOCKED
        )
        UPDATE videos v SET check_tried_at = now() FROM free WHERE v.id = free.id RETURNING v.id`;
      const ids = taken.map(({ id }) => id);
      return tx.video.findMany({ where: { id: { in: ids } }, orderBy: { uploadedAt: 'asc' } });
    });
  }

  /** Why nobody looked at a video, or at any that a tenant has waiting: it is shown, and told in their logs once. */
  waits(
    which: { id: string } | { tenantId: string },
    reason: { code: string; message: string },
  ): Promise<void> {
    return this.database.prisma.$transaction(async (tx) => {
      const { code: errorCode, message: errorMessage } = reason;
      const rows = await tx.video.updateManyAndReturn({
        where: {
          ...{ ...which, status: 'uploaded', checkedAt: null },
          OR: [{ errorMessage: null }, { errorMessage: { not: errorMessage } }],
        },
        data: { errorCode, errorMessage },
        select: { id: true },
      });
      if (rows.length === 0) return;
      const entry = { level: 'warn', event: 'video.waits', data: reason };
      await tx.videoLog.createMany({ data: rows.map(({ id }) => ({ videoId: id, ...entry })) });
      await announce(
        tx,
        rows.map(({ id }) => ({ kind: 'video' as const, id })),
      );
    });
  }

  /** Videos whose bytes never came, or not in time, go with what there is of them. */
  async expire(limit: number): Promise<number> {
    return this.database.prisma.$transaction(async (tx) => {
      const due = await tx.$queryRaw<{ id: string }[]>`
        SELECT id FROM videos WHERE status = 'receiving' AND expires_at < now()
          AND (writer_until IS NULL OR writer_until < now())
        ORDER BY expires_at LIMIT ${limit} FOR UPDATE SKIP LOCKED`;
      for (const { id } of due) await deleteVideo(tx, await tx.video.findUniqueOrThrow({ where: { id } }));
      return due.length;
    });
  }

  /** Videos that came to an end which was not told yet. */
  untold(limit: number): Promise<VideoRow[]> {
    return this.database.prisma.video.findMany({ where: { told: false }, take: limit });
  }

  async told({ id, run, status }: Pick<VideoRow, 'id' | 'run' | 'status'>): Promise<void> {
    await this.database.prisma.video.updateMany({ where: { id, run, status }, data: { told: true } });
  }
}
