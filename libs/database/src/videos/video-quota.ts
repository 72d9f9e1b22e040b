import { CamfleetError } from '@camfleet/domain';
import type { Transaction } from '../database';

/** What a tenant's videos may take where nobody said otherwise. */
export const DEFAULT_QUOTA = { bytes: 200 * 1024 ** 3, videosPerDay: 1_000 };

export interface QuotaState {
  usedBytes: number;
  limitBytes: number;
  usedVideos: number;
  limitVideos: number;
}

/**
 * What counts: videos that are there or being received, these with the size that they were announced with; by the day
 * only those that somebody uploaded.
 */
export async function readQuota(tx: Transaction, tenantId: string): Promise<QuotaState> {
  const [row] = await tx.$queryRaw<QuotaState[]>`
    SELECT coalesce(sum(v.size_bytes), 0)::float8 AS "usedBytes",
      (count(v.id) FILTER (WHERE v.created_at > now() - interval '24 hours' AND v.event_id IS NULL))::int AS "usedVideos",
      coalesce(t.quota_bytes, ${DEFAULT_QUOTA.bytes})::float8 AS "limitBytes",
      coalesce(t.quota_videos_per_day, ${DEFAULT_QUOTA.videosPerDay})::int AS "limitVideos"
    FROM tenants t LEFT JOIN videos v ON v.tenant_id = t.id
    WHERE t.id = ${tenantId} GROUP BY t.id`;
  if (!row) throw new CamfleetError('NOT_FOUND', 'There is no such tenant.');
  return row;
}

/** One at a time for each tenant. Throws `QUOTA_EXCEEDED`, `TOO_MANY_REQUESTS`. */
export async function demandRoom(
  tx: Transaction,
  { tenantId, sizeBytes, eventId }: { tenantId: string; sizeBytes: number; eventId?: string | undefined },
): Promise<QuotaState> {
  await tx.$executeRaw`SELECT 1 FROM tenants WHERE id = ${tenantId} FOR UPDATE`;
  const state = await readQuota(tx, tenantId);
  if (eventId === undefined && state.usedVideos >= state.limitVideos)
    throw new CamfleetError('TOO_MANY_REQUESTS', `${state.limitVideos} videos a day are taken, and were.`, {
      details: { retryAfterSeconds: 3600, videosPerDay: state.limitVideos },
    });
  if (state.usedBytes + sizeBytes > state.limitBytes) throw quotaExceeded(state);
  return state;
}

/** A video of which nobody knew how large it is, while its bytes come. Throws `QUOTA_EXCEEDED`. */
export async function growWithinQuota(
  tx: Transaction,
  { tenantId, id }: { tenantId: string; id: string },
  { atLeast, atMost }: { atLeast: number; atMost: number },
): Promise<number> {
  await tx.$executeRaw`SELECT 1 FROM tenants WHERE id = ${tenantId} FOR UPDATE`;
  const state = await readQuota(tx, tenantId);
  const video = await tx.video.findUnique({ where: { id }, select: { sizeBytes: true } });
  const left = state.limitBytes - (state.usedBytes - Number(video?.sizeBytes ?? 0));
  const size = Math.min(atMost, left);
  if (size < atLeast) throw quotaExceeded(state);
  await tx.video.updateMany({ where: { id, status: 'receiving' }, data: { sizeBytes: BigInt(size) } });
  return size;
}

export function quotaExceeded({ usedBytes, limitBytes }: QuotaState): CamfleetError {
  return new CamfleetError('QUOTA_EXCEEDED', 'This video does not fit into what is left of the quota.', {
    details: { usedBytes, limitBytes },
  });
}
