import { PGlite } from '@electric-sql/pglite';
import { vector as pgvector } from '@electric-sql/pglite-pgvector';
import type { FaceEntry, FaceKey } from '../face-index';
import { faceIndexContract, visit } from '../face-index.contract';
import { FACE_TABLES } from './face-sql';
import { PgvectorFaceIndex } from './pgvector-face-index';

/** The columns that are read of the tables of people. */
const TABLES = `
  CREATE EXTENSION vector;
  CREATE TABLE person_faces (tenant_id text, id text, person_id text, model text, model_version text,
    embedding real[] NOT NULL, is_negative boolean, PRIMARY KEY (tenant_id, id));
  CREATE TABLE face_visits (tenant_id text, track_id text, person_id text, model text, model_version text,
    embedding real[] NOT NULL, camera_id text, last_at timestamptz(3), PRIMARY KEY (tenant_id, track_id));
  CREATE TABLE unknown_groups (tenant_id text, id text, model text, model_version text,
    embedding real[] NOT NULL, PRIMARY KEY (tenant_id, id));
`;

describe('the face index in PostgreSQL with pgvector', () => {
  let database: PGlite;
  beforeAll(async () => {
    database = await PGlite.create({ extensions: { vector: pgvector } });
    await database.exec(TABLES);
  });
  afterAll(() => database.close());

  const open = () =>
    new PgvectorFaceIndex((work) =>
      database.transaction((tx) => work(async (text, parameters) => (await tx.query(text, parameters)).rows)),
    );

  async function write(entries: FaceEntry[]): Promise<void> {
    await erase(entries);
    for (const entry of entries) {
      const { name, id } = FACE_TABLES[entry.kind];
      const row: Record<string, unknown> = {
        tenant_id: entry.tenantId,
        [id]: entry.id,
        model: entry.model,
        model_version: entry.version,
        embedding: [...entry.vector],
      };
      if (entry.kind !== 'group') row.person_id = entry.ownerId;
      if (entry.kind === 'person') row.is_negative = entry.isNegative ?? false;
      if (entry.kind === 'visit')
        Object.assign(row, { camera_id: entry.cameraId, last_at: new Date(entry.atMs) });
      const places = Object.keys(row).map((_, n) => `$${n + 1}`);
      await database.query(
        `INSERT INTO ${name} (${Object.keys(row)}) VALUES (${places})`,
        Object.values(row),
      );
    }
  }

  async function erase(keys: FaceKey[]): Promise<void> {
    for (const { kind, tenantId, id } of keys) {
      const table = FACE_TABLES[kind];
      await database.query(`DELETE FROM ${table.name} WHERE tenant_id = $1 AND ${table.id} = $2`, [
        tenantId,
        id,
      ]);
    }
  }

  describe('reading every row', () => {
    faceIndexContract(async () => {
      await database.exec('TRUNCATE person_faces, face_visits, unknown_groups');
      return { index: open(), write, erase };
    });
  });

  describe('by HNSW', () => {
    beforeAll(async () => {
      await database.exec('SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_sort = off');
      for (const { name } of Object.values(FACE_TABLES)) {
        await database.exec(`TRUNCATE ${name}; CREATE INDEX ${name}_hnsw ON ${name}
          USING hnsw ((embedding::vector(3)) vector_cosine_ops) WHERE cardinality(embedding) = 3`);
      }
    });

    faceIndexContract(async () => {
      await database.exec('TRUNCATE person_faces, face_visits, unknown_groups');
      return { index: open(), write, erase };
    });

    it('asks in a way that the index answers', async () => {
      const asked: string[] = [];
      const index = new PgvectorFaceIndex((work) =>
        database.transaction((tx) =>
          work(async (text, parameters) => {
            if (text.startsWith('SELECT id') || text.startsWith('SELECT track_id')) {
              const { rows } = await tx.query(`EXPLAIN ${text}`, parameters);
              asked.push(JSON.stringify(rows));
            }
            return (await tx.query(text, parameters)).rows;
          }),
        ),
      );
      const { vector, model, version } = visit('a');
      for (const kind of ['person', 'visit', 'group'] as const) {
        await index.search({ kind, tenantId: 't', model, version, vector, limit: 3 });
      }
      expect(asked).toHaveLength(3);
      for (const plan of asked) expect(plan).toMatch(/Index Scan using \w+_hnsw/);
    });
  });
});
