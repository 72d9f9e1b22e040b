import type { Client } from 'pg';

/** Cameras that are wanted from the moment of the commit. */
export async function insertCameras(sql: Client, count: number): Promise<void> {
  await sql.query(
    `INSERT INTO cameras (id, tenant_id, name, labels, source_url, source_options, require, prefer, priority,
       analysis, zones, output, desired)
     SELECT 'cam-' || i, 'default', 'Camera ' || i, '{}', 'rtsp://127.0.0.1:1/' || i, '{}', '{}', '{}', 50,
       '{"faces":{"enabled":true,"fps":5},"objects":{"enabled":false,"fps":5,"classes":[]},
         "minFaceHeightPx":40,"motionGate":true,"jobs":[]}', '[]', '{}', 'running'
     FROM generate_series(1, $1::integer) AS i`,
    [count],
  );
}

/** Cameras that somebody runs, by the rows that are committed. */
export async function placedCameras(sql: Client): Promise<number> {
  const { rows } = await sql.query<{ count: number }>(
    `SELECT count(DISTINCT a.camera_id)::integer AS count
     FROM assignments a JOIN workers w ON w.id = a.worker_id
     WHERE a.state IN ('assigned', 'running') AND w.state IN ('online', 'suspect')`,
  );
  return rows[0]?.count ?? 0;
}
