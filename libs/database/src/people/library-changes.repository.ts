import type { Database } from '../database';
import { Prisma } from '../generated/client';
import { decodeRealArray } from '../real-array';

/** Rows read at a time: 2,000 vectors of 512 numbers are 8 MB on the wire. */
const PAGE = 2_000;

export interface ChangedGroup {
  tenantId: string;
  id: string;
  model: string | null;
  modelVersion: string | null;
  /** Length 1; empty: it has none. */
  embedding: Float32Array;
}

export interface ChangedFace extends ChangedGroup {
  personId: string;
  isNegative: boolean;
}

export interface ChangedVisit extends ChangedGroup {
  cameraId: string | null;
  firstAt: Date;
  lastAt: Date;
  bestEventId: string | null;
  personId: string | null;
  personScore: number | null;
  decidedBy: 'consensus' | 'user' | null;
  groupId: string | null;
}

export interface ChangedPerson {
  tenantId: string;
  id: string;
  name: string;
}

export interface Tombstone {
  kind: 'people' | 'person_faces' | 'face_visits' | 'unknown_groups';
  tenantId: string;
  id: string;
}

/** Takes what a read finds, a page at a time; in this order. */
export interface ChangeTaker {
  people(rows: readonly ChangedPerson[]): Promise<void> | void;
  faces(rows: readonly ChangedFace[]): Promise<void> | void;
  groups(rows: readonly ChangedGroup[]): Promise<void> | void;
  visits(rows: readonly ChangedVisit[]): Promise<void> | void;
  /** A thing that was made again after it was deleted is among the rows as well, and stays. */
  deleted(rows: readonly Tombstone[]): Promise<void> | void;
}

type Stored<Row extends ChangedGroup> = Omit<Row, 'embedding'> & { embedding: Uint8Array };

/** What changed of people, their faces, visits and groups, for the replicas that hold it in memory. */
export class LibraryChangesRepository {
  constructor(private readonly database: Database) {}

  /**
   * Reads everything that changed since an earlier read (`null`: everything) and answers where the next one begins:
   * the oldest transaction that was under way. What it commits later is found then; repeats are harmless. Without
   * `vectors` all embeddings come empty.
   */
  async read(since: string | null, taker: ChangeTaker, { vectors }: { vectors: boolean }): Promise<string> {
    const [now] = await this.database.prisma.$queryRaw<{ xmin: string }[]>`
      SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS xmin`;
    const after = since ?? '0';
    const vector = vectors ? Prisma.sql`array_send(embedding)` : Prisma.sql`array_send('{}'::real[])`;
    await this.readTombstones(since, taker);
    await this.readPeople(after, taker);
    await this.pages<Stored<ChangedFace>>(
      Prisma.sql`SELECT tenant_id AS "tenantId", id FROM person_faces WHERE changed_xid >= ${after}::xid8`,
      ({ ids }) => Prisma.sql`
        SELECT f.tenant_id AS "tenantId", f.id, f.model, f.model_version AS "modelVersion",
          ${vector} AS embedding, f.person_id AS "personId", f.is_negative AS "isNegative"
        FROM person_faces f WHERE f.id = ANY(${ids}::text[])`,
      (rows) => taker.faces(rows.map(decoded)),
    );
    await this.pages<Stored<ChangedGroup>>(
      Prisma.sql`SELECT tenant_id AS "tenantId", id FROM unknown_groups WHERE changed_xid >= ${after}::xid8`,
      ({ ids }) => Prisma.sql`
        SELECT g.tenant_id AS "tenantId", g.id, g.model, g.model_version AS "modelVersion",
          ${vector} AS embedding
        FROM unknown_groups g WHERE g.id = ANY(${ids}::text[])`,
      (rows) => taker.groups(rows.map(decoded)),
    );
    await this.pages<Stored<ChangedVisit>>(
      Prisma.sql`
        SELECT tenant_id AS "tenantId", track_id AS id FROM face_visits WHERE changed_xid >= ${after}::xid8`,
      ({ tenantIds, ids }) => Prisma.sql`
        SELECT v.tenant_id AS "tenantId", v.track_id AS id, v.model, v.model_version AS "modelVersion",
          ${vector} AS embedding, v.camera_id AS "cameraId", v.first_at AS "firstAt",
          v.last_at AS "lastAt", v.best_event_id AS "bestEventId", v.person_id AS "personId",
          v.person_score AS "personScore", v.decided_by AS "decidedBy", v.group_id AS "groupId"
        FROM unnest(${tenantIds}::text[], ${ids}::text[]) AS k (tenant_id, track_id)
        JOIN face_visits v ON v.tenant_id = k.tenant_id AND v.track_id = k.track_id`,
      (rows) => taker.visits(rows.map(decoded)),
    );
    return now?.xmin ?? after;
  }

  /** Before the rows: what was deleted and made again stays. */
  private async readTombstones(since: string | null, taker: ChangeTaker): Promise<void> {
    if (since === null) return;
    const rows = await this.database.prisma.$queryRaw<Tombstone[]>`
      SELECT kind, tenant_id AS "tenantId", id FROM vector_tombstones WHERE changed_xid >= ${since}::xid8`;
    if (rows.length > 0) await taker.deleted(rows);
  }

  private async readPeople(after: string, taker: ChangeTaker): Promise<void> {
    await this.pages<ChangedPerson>(
      Prisma.sql`SELECT tenant_id AS "tenantId", id FROM people WHERE changed_xid >= ${after}::xid8`,
      ({ ids }) => Prisma.sql`
        SELECT tenant_id AS "tenantId", id, name FROM people WHERE id = ANY(${ids}::text[])`,
      (rows) => taker.people(rows),
    );
  }

  /**
   * The keys of all that changed first, and then a page of rows by its keys: by an order and a limit each page would
   * sort, and read the vectors of, all pages after it.
   */
  private async pages<Row>(
    changed: Prisma.Sql,
    rowsOf: (page: { tenantIds: string[]; ids: string[] }) => Prisma.Sql,
    take: (rows: Row[]) => Promise<void> | void,
  ): Promise<void> {
    const keys = await this.database.prisma.$queryRaw<{ tenantId: string; id: string }[]>(changed);
    for (let from = 0; from < keys.length; from += PAGE) {
      const page = keys.slice(from, from + PAGE);
      const tenantIds = page.map(({ tenantId }) => tenantId);
      const ids = page.map(({ id }) => id);
      const rows = await this.database.prisma.$queryRaw<Row[]>(rowsOf({ tenantIds, ids }));
      // Fewer, where some were deleted meanwhile: their tombstones are read next time.
      if (rows.length > 0) await take(rows);
    }
  }
}

function decoded<Row extends { embedding: Uint8Array }>(
  row: Row,
): Omit<Row, 'embedding'> & { embedding: Float32Array } {
  return { ...row, embedding: decodeRealArray(row.embedding) };
}
