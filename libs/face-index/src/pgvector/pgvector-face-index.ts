import { z } from 'zod';
import {
  type AnyFaceQuery,
  byScore,
  checkLimit,
  type FaceHit,
  type FaceIndex,
  type PersonQuery,
} from '../face-index';
import { FaceIndexError } from '../face-index-error';
import { unitVector } from '../unit-vector';
import { FACE_TABLES, type FaceTable, nearestRows, nearestNegatives, otherDimensions } from './face-sql';

/** One statement, its parameters `$1`, `$2` …; the rows. */
export type SqlQuery = (text: string, parameters: unknown[]) => Promise<unknown[]>;
/** Statements of one transaction, on one connection. */
export type SqlTransaction = <T>(work: (query: SqlQuery) => Promise<T>) => Promise<T>;

/**
 * With the migration's graphs (m 24, ef_construction 128) and faces as models give them, of the ten nearest of 100,000
 * are found: 0.91 by 200 candidates, 0.97 by 400, 0.992 by 700, 0.995 by 1,000.
 */
const LEAST_EF_SEARCH = 800;
/** The most that pgvector takes. */
const MOST_EF_SEARCH = 1_000;
/** So many faces are looked at for those that pass the filters, before a search gives what it has. */
const MAX_SCAN_TUPLES = 200_000;
/** Faces read for each person wanted, at first. */
const FACES_PER_PERSON = 4;

const Hits = z.array(z.object({ id: z.string(), ownerId: z.string().nullable(), score: z.number() }));
const Negatives = z.array(z.object({ ownerId: z.string(), score: z.number() }));
const Dimensions = z.array(z.object({ dimensions: z.number() }));

/**
 * The rows of the people are the index: nothing is copied, and what is committed is found. Needs pgvector 0.8, and is
 * as quick as its HNSW indexes: of vectors of another size than theirs, every row is read. The nearest are found
 * nearly always, not always.
 */
export class PgvectorFaceIndex implements FaceIndex {
  private isClosed = false;

  constructor(private readonly transaction: SqlTransaction) {}

  async search(query: AnyFaceQuery): Promise<FaceHit[]> {
    if (this.isClosed) throw new FaceIndexError('FACE_INDEX_CLOSED', 'The face index is closed.');
    checkLimit(query.limit);
    const checked = { ...query, vector: unitVector(query.vector) };
    return this.transaction(async (sql) => {
      const found = await new Search(sql, checked).run();
      if (found.length === 0) await refuseOtherDimensions(sql, checked);
      return found.sort(byScore);
    });
  }

  /** The connection is its owner's. */
  close(): Promise<void> {
    this.isClosed = true;
    return Promise.resolve();
  }
}

/** One search, in one transaction. */
class Search {
  private readonly minScore: number;

  constructor(
    private readonly sql: SqlQuery,
    private readonly query: AnyFaceQuery,
  ) {
    this.minScore = query.minScore ?? -Infinity;
  }

  run(): Promise<FaceHit[]> {
    const { query } = this;
    return query.kind === 'person' ? this.persons(query) : this.rows(query.limit);
  }

  /** Reads on until there are as many persons as wanted, or no more faces. */
  private async persons(query: PersonQuery): Promise<FaceHit[]> {
    for (let faces = query.limit * FACES_PER_PERSON; ; faces *= FACES_PER_PERSON) {
      const rows = await this.rows(faces);
      const best = new Map<string | null, FaceHit>();
      for (const row of rows) if (!best.has(row.ownerId)) best.set(row.ownerId, row);
      if (best.size < query.limit && rows.length === faces) continue;
      return this.withNegatives([...best.values()].slice(0, query.limit));
    }
  }

  private async withNegatives(hits: FaceHit[]): Promise<FaceHit[]> {
    if (hits.length === 0) return hits;
    const statement = nearestNegatives(
      this.query,
      hits.map(({ ownerId }) => ownerId),
    );
    const rows = Negatives.parse(await this.sql(...statement));
    const scores = new Map(rows.map(({ ownerId, score }) => [ownerId, score]));
    return hits.map((hit) => {
      const negativeScore = hit.ownerId === null ? undefined : scores.get(hit.ownerId);
      return negativeScore === undefined ? hit : { ...hit, negativeScore };
    });
  }

  /** Best first. */
  private async rows(limit: number): Promise<FaceHit[]> {
    const efSearch = Math.min(MOST_EF_SEARCH, Math.max(LEAST_EF_SEARCH, limit * 2));
    await this.sql(`SET LOCAL hnsw.ef_search = ${efSearch}`, []);
    await this.sql(`SET LOCAL hnsw.iterative_scan = strict_order`, []);
    await this.sql(`SET LOCAL hnsw.max_scan_tuples = ${MAX_SCAN_TUPLES}`, []);
    const rows = Hits.parse(await this.sql(...nearestRows(this.query, limit)));
    return rows.filter(({ score }) => score >= this.minScore);
  }
}

async function refuseOtherDimensions(sql: SqlQuery, query: AnyFaceQuery): Promise<void> {
  const table: FaceTable = FACE_TABLES[query.kind];
  const [other] = Dimensions.parse(await sql(...otherDimensions(table, query)));
  if (!other) return;
  throw new FaceIndexError(
    'FACE_DIMENSIONS_MISMATCH',
    `Embeddings of this model have ${other.dimensions} dimensions, not ${query.vector.length}.`,
  );
}
