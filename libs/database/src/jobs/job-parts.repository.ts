import { CamfleetError } from '@camfleet/domain';
import type { Database, Queryable } from '../database';
import { heldBy, type Holder } from './job-rows';

/** The arrays of a result that come before those of the same names in the result itself. */
export type ResultPart = Record<string, unknown[]>;

/** Parts that are read together, as they were sent; one larger part is read alone. */
const READ_BYTES = 128 * 1024;

export type PartWord = 'stored' | 'lost' | 'too-large';

/** What jobs found, sent piece by piece while they run. */
export class JobPartsRepository {
  constructor(private readonly database: Database) {}

  /**
   * The same index again takes the old one's place: it comes from an answer that was lost, or from an attempt that began
   * where that part was not known yet. `lost`: the lease is not this holder's, or has ended.
   */
  async put(
    holder: Holder,
    { index, part, maxJobBytes }: { index: number; part: ResultPart; maxJobBytes: number },
  ): Promise<PartWord> {
    const text = JSON.stringify(part);
    const bytes = Buffer.byteLength(text);
    // Who ends the job meanwhile is waited for: then there is nothing to store it with.
    const [row] = await this.database.prisma.$queryRaw<{ isHeld: boolean; isStored: boolean }[]>`
      WITH held AS MATERIALIZED (
        SELECT j.id FROM vision_jobs j WHERE j.id = ${holder.jobId} AND ${heldBy(holder)} FOR SHARE
      ), others AS (
        SELECT coalesce(sum(p.bytes), 0) AS bytes FROM vision_job_parts p
        WHERE p.job_id = ${holder.jobId} AND p.index <> ${index}
      ), stored AS (
        INSERT INTO vision_job_parts (job_id, index, bytes, raw_response)
        SELECT held.id, ${index}, ${bytes}, ${text}::jsonb FROM held CROSS JOIN others
        WHERE others.bytes + ${bytes} <= ${maxJobBytes}
        ON CONFLICT (job_id, index) DO UPDATE SET bytes = excluded.bytes, raw_response = excluded.raw_response
        RETURNING 1
      )
      SELECT EXISTS (SELECT 1 FROM held) AS "isHeld", EXISTS (SELECT 1 FROM stored) AS "isStored"`;
    if (!row?.isHeld) return 'lost';
    return row.isStored ? 'stored' : 'too-large';
  }
}

/** The bytes of a job's first `count` parts. Throws `RESULT_INVALID` when they are not all there. */
export async function sizeOfParts(tx: Queryable, jobId: number, count: number): Promise<number> {
  const [row] = await tx.$queryRaw<{ parts: number; bytes: number }[]>`
    SELECT count(*)::integer AS parts, coalesce(sum(bytes), 0)::float8 AS bytes FROM vision_job_parts
    WHERE job_id = ${jobId} AND index < ${count}`;
  if (row?.parts !== count)
    throw new CamfleetError('RESULT_INVALID', `Of ${count} parts ${row?.parts ?? 0} have come.`);
  return row.bytes;
}

/** A job's first `count` parts in their order, small ones together; some hundred KiB are held at a time. */
export async function* readParts(tx: Queryable, jobId: number, count: number): AsyncGenerator<ResultPart> {
  for (let from = 0; from < count;) {
    const rows = await tx.$queryRaw<{ index: number; part: ResultPart }[]>`
      SELECT p.index, p.raw_response AS part FROM vision_job_parts p JOIN (
        SELECT index, sum(bytes) OVER (ORDER BY index) - bytes AS bytes_before FROM (
          SELECT index, bytes FROM vision_job_parts WHERE job_id = ${jobId} AND index >= ${from} AND index < ${count}
          ORDER BY index LIMIT 1000
        ) next
      ) f ON f.index = p.index AND f.bytes_before < ${READ_BYTES}
      WHERE p.job_id = ${jobId} ORDER BY p.index`;
    const last = rows.at(-1);
    if (!last) return;
    yield joined(rows.map(({ part }) => part));
    from = last.index + 1;
  }
}

function joined(parts: readonly ResultPart[]): ResultPart {
  const all: ResultPart = {};
  for (const part of parts)
    for (const [name, entries] of Object.entries(part)) (all[name] ??= []).push(...entries);
  return all;
}
