import { ExactFaceIndex, type FaceHit, PgvectorFaceIndex, type VisitFace } from '@camfleet/face-index';
import { PGlite } from '@electric-sql/pglite';
import { vector } from '@electric-sql/pglite-pgvector';
import { FaceLikeVectors } from './face-like';
import { DIMENSIONS, queries, visits } from './library';

const SEARCHES = 200;
/** As the migration that adds pgvector makes it, m and ef_construction included. */
const TABLE = `
  CREATE EXTENSION vector;
  CREATE TABLE face_visits (tenant_id text, track_id text, person_id text, model text, model_version text,
    camera_id text, last_at timestamptz(3), embedding real[] NOT NULL, PRIMARY KEY (tenant_id, track_id));
  ALTER TABLE face_visits ALTER embedding SET STORAGE EXTERNAL;`;
const INDEX = `
  SET maintenance_work_mem = '600MB';
  SET max_parallel_maintenance_workers = 0;
  CREATE INDEX face_visits_hnsw ON face_visits USING hnsw ((embedding::vector(${DIMENSIONS})) vector_cosine_ops)
    WITH (m = 24, ef_construction = 128) WHERE cardinality(embedding) = ${DIMENSIONS};
  ANALYZE face_visits;`;

/** The same visits in both indexes; what the approximate one finds of the ten best. Answers over IPC. */
async function main(): Promise<void> {
  const vectors = new FaceLikeVectors(DIMENSIONS);
  const database = await PGlite.create({ extensions: { vector } });
  await database.exec(TABLE);
  const exact = await ExactFaceIndex.open();
  for (const batch of visits(vectors)) {
    await exact.upsert(batch);
    await database.query("COPY face_visits FROM '/dev/blob'", [], { blob: new Blob(batch.map(line)) });
  }
  const startedAt = performance.now();
  await database.exec(INDEX);
  const buildSeconds = (performance.now() - startedAt) / 1_000;
  const hnsw = new PgvectorFaceIndex((work) =>
    database.transaction((tx) => work(async (text, parameters) => (await tx.query(text, parameters)).rows)),
  );
  const searchMs: number[] = [];
  let [wanted, found] = [0, 0];
  for (const query of queries(vectors, SEARCHES)) {
    const best = new Set((await exact.search(query)).map(idOf));
    const from = performance.now();
    const hits = await hnsw.search(query);
    searchMs.push(performance.now() - from);
    wanted += best.size;
    found += hits.filter((hit) => best.has(idOf(hit))).length;
  }
  process.send?.({ recall: found / wanted, searches: SEARCHES, buildSeconds, searchMs });
}

const idOf = ({ id }: FaceHit): string => id;

/** Nine digits say a 32-bit float exactly. */
function line(visit: VisitFace): string {
  const { tenantId, id, model, version, cameraId, atMs } = visit;
  const numbers = Array.from(visit.vector, (value) => value.toPrecision(9)).join(',');
  return `${[tenantId, id, '\\N', model, version, cameraId, new Date(atMs).toISOString(), `{${numbers}}`].join('\t')}\n`;
}

void main();
