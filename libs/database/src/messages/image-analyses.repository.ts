import { createHash, randomUUID } from 'node:crypto';
import type { Page } from '@camfleet/protocol';
import type { Database, Queryable, Transaction } from '../database';
import type {
  ImageAnalysis as ImageAnalysisRow,
  ImageAnalysisResult as ImageAnalysisResultRow,
  Prisma,
} from '../generated/client';
import { decodeCursor, pageOfRows } from '../page';

export type ImageAnalysisWithResults = ImageAnalysisRow & { results: ImageAnalysisResultRow[] };

/** A snapshot that the second stage is to look at. */
export interface NewImageAnalysis {
  snapshotKey: string;
  trackId: number;
  yoloType: string;
}

export type NewImageAnalysisResult = Omit<
  Prisma.ImageAnalysisResultUncheckedCreateInput,
  'id' | 'analysisId' | 'createdAt' | 'updatedAt'
>;

/** The same snapshot is the same analysis, whoever asks for it and how often. */
export function imageAnalysisId(snapshotKey: string): string {
  const hex = createHash('sha256').update(`image-analysis:${snapshotKey}`).digest('hex');
  // The marks of a name-based UUID (version 8, variant 1).
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-'); // prettier-ignore
}

/** The second stage: what is to be looked at, and what classifiers say. */
export class ImageAnalysesRepository {
  constructor(private readonly database: Database) {}

  /** Of some of a video's snapshots: what is there stays, and those of the snapshots `others` go. */
  async replace(
    tx: Queryable,
    { tenantId, videoId }: { tenantId: string; videoId: string },
    { analyses, others }: { analyses: readonly NewImageAnalysis[]; others: readonly string[] },
  ): Promise<void> {
    const rows = analyses.map((analysis) => ({ ...analysis, id: imageAnalysisId(analysis.snapshotKey) }));
    const ids = [...rows.map(({ id }) => id), ...others.map(imageAnalysisId)];
    // Whoever claims a job or ends it locks the job first and its analysis then: so do we.
    await tx.$executeRaw`
      SELECT 1 FROM vision_jobs WHERE event_id = ANY(${ids}::text[]) AND analysis_type = 'classification'
      ORDER BY id FOR UPDATE`;
    await tx.$executeRaw`
      WITH gone AS (
        DELETE FROM image_analyses WHERE video_id = ${videoId} AND snapshot_s3_key = ANY(${[...others]}::text[])
        RETURNING id
      ), jobs AS (
        SELECT j.id FROM vision_jobs j JOIN gone ON j.event_id = gone.id AND j.analysis_type = 'classification'
      ), results AS (
        DELETE FROM vision_results WHERE job_id IN (SELECT id FROM jobs)
      )
      DELETE FROM vision_jobs WHERE id IN (SELECT id FROM jobs)`;
    await tx.$executeRaw`
      INSERT INTO image_analyses (id, tenant_id, video_id, snapshot_s3_key, track_id, yolo_type)
      SELECT a.id, ${tenantId}, ${videoId}, a."snapshotKey", a."trackId", a."yoloType"
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        AS a (id text, "snapshotKey" text, "trackId" integer, "yoloType" text)
      ON CONFLICT (snapshot_s3_key) DO UPDATE SET yolo_type = excluded.yolo_type, track_id = excluded.track_id`;
  }

  /** What the classifiers of one run say takes the place of what others said before. */
  async store(
    tx: Transaction,
    analysisId: string,
    results: readonly NewImageAnalysisResult[],
  ): Promise<void> {
    await tx.imageAnalysisResult.deleteMany({ where: { analysisId } });
    await tx.imageAnalysisResult.createMany({
      data: results.map((result) => ({ ...result, id: randomUUID(), analysisId })),
    });
  }

  /** By track. */
  async list(
    { tenantId, videoId }: { tenantId: string; videoId: string },
    { limit, cursor }: { limit: number; cursor?: string },
  ): Promise<Page<ImageAnalysisWithResults>> {
    const after = decodeCursor(cursor);
    const rows = await this.database.prisma.imageAnalysis.findMany({
      where: {
        tenantId,
        videoId,
        ...(after && { OR: [{ trackId: { gt: after.at } }, { trackId: after.at, id: { gt: after.id } }] }),
      },
      include: { results: { orderBy: { variant: 'asc' } } },
      orderBy: [{ trackId: 'asc' }, { id: 'asc' }],
      take: limit + 1,
    });
    return pageOfRows(rows, { limit, cursorOf: (row) => ({ at: row.trackId, id: row.id }) });
  }
}
