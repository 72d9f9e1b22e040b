import { norm, normalised } from '@camfleet/domain';
import type { Queryable } from '../database';
import { decodeRealArray, encodeRealArray } from '../real-array';

/** Visits that say where a group lies: the best of it, so many at most. */
const VOICES = 64;

/** A group of unknown visits as it is written. */
export interface NewGroup {
  id: string;
  tenantId: string;
  model: string;
  modelVersion: string;
  embedding: Float32Array;
}

export async function insertGroups(tx: Queryable, groups: readonly NewGroup[]): Promise<void> {
  for (const { id, tenantId, model, modelVersion, embedding } of groups)
    await tx.$executeRaw`
      INSERT INTO unknown_groups (id, tenant_id, model, model_version, embedding, weight)
      VALUES (${id}, ${tenantId}, ${model}, ${modelVersion}, ${encodeRealArray([embedding])}::real[], 1)`;
}

/** Moves groups to the mean of their best visits; a group that lost all of them goes. */
export async function settleGroups(tx: Queryable, groupIds: readonly string[]): Promise<void> {
  for (const id of new Set(groupIds)) {
    const rows = await tx.$queryRaw<Voice[]>`
      SELECT v.model, v.model_version AS "modelVersion", array_send(v.embedding) AS embedding
      FROM face_visits v WHERE v.group_id = ${id} AND cardinality(v.embedding) > 0
      ORDER BY v.best_quality DESC LIMIT ${VOICES}`;
    const [first] = rows;
    if (!first) {
      await tx.$executeRaw`DELETE FROM unknown_groups WHERE id = ${id}`;
      continue;
    }
    const { model, modelVersion } = first;
    const alike = rows.filter((row) => row.model === model && row.modelVersion === modelVersion);
    const { direction, length } = meanDirection(alike.map(({ embedding }) => decodeRealArray(embedding)));
    await tx.$executeRaw`
      UPDATE unknown_groups SET model = ${model}, model_version = ${modelVersion},
        embedding = ${encodeRealArray([direction])}::real[], weight = ${length}
      WHERE id = ${id}`;
  }
}

interface Voice {
  model: string;
  modelVersion: string;
  embedding: Uint8Array;
}

function meanDirection(vectors: readonly Float32Array[]): { direction: Float32Array; length: number } {
  const sum = new Float32Array(vectors[0]?.length ?? 0);
  for (const vector of vectors)
    for (let index = 0; index < sum.length; index += 1) sum[index] = (sum[index] ?? 0) + (vector[index] ?? 0);
  return { direction: normalised(sum), length: norm(sum) };
}
