import { announce } from '../changes';
import type { Queryable } from '../database';

/**
 * A video's status and progress as its jobs make them; to be called in the transaction that changed one of them.
 * Open jobs: `queued` until one was begun, then `processing`. None open: `error` when one is dead, else `done`, which is
 * then told as an event and to whoever watches. Waits for other transactions that change jobs of the same video.
 */
export async function settleVideo(tx: Queryable, videoId: string): Promise<void> {
  // Two jobs that end at once must not each see the other one open.
  await tx.$executeRaw`SELECT 1 FROM videos WHERE id = ${videoId} FOR UPDATE`;
  const changed = await tx.$executeRaw`
    WITH found AS (
      SELECT count(*) FILTER (WHERE state IN ('queued', 'leased')) AS open,
        count(*) FILTER (WHERE state = 'dead') AS dead,
        count(*) FILTER (WHERE state <> 'queued' OR attempt_count > 0) AS begun,
        avg(CASE WHEN state = 'done' THEN 1 ELSE coalesce(progress, 0) END) AS progress,
        (array_agg(last_error ORDER BY id) FILTER (WHERE state = 'dead'))[1] AS last_error
      FROM vision_jobs WHERE video_id = ${videoId} AND advances_video
      HAVING count(*) > 0
    ), settled AS (
      SELECT CASE WHEN open > 0 THEN CASE WHEN begun > 0 THEN 'processing' ELSE 'queued' END
        WHEN dead > 0 THEN 'error' ELSE 'done' END AS status,
        CASE WHEN open = 0 AND dead = 0 THEN 1 ELSE progress END AS progress,
        CASE WHEN open = 0 AND dead > 0 THEN coalesce(last_error, 'A job has failed.') END AS error
      FROM found
    )
    UPDATE videos v SET status = s.status, progress = s.progress, error_message = s.error,
      error_code = CASE WHEN s.error IS NOT NULL THEN 'JOB_DEAD' END,
      told = CASE WHEN s.status = v.status THEN v.told ELSE s.status NOT IN ('done', 'error') END,
      run = v.run + (CASE WHEN v.status IN ('done', 'error') AND s.status IN ('queued', 'processing') THEN 1 ELSE 0 END)
    FROM settled s
    WHERE v.id = ${videoId} AND v.status <> 'receiving'
      AND (v.status, v.progress, v.error_message) IS DISTINCT FROM (s.status, s.progress, s.error)`;
  if (changed > 0) await announce(tx, [{ kind: 'video', id: videoId }]);
}
