import type { Page, PersonListQuery } from '@camfleet/protocol';
import { randomUUID } from 'node:crypto';
import type { Database, Queryable } from '../database';
import { Prisma } from '../generated/client';
import { doomFiles } from '../doomed-files.repository';
import { decodeCursor, pageOfRows } from '../page';
import { settleGroups } from './group-rows';
import { changeIdentities } from './recognition-lock';

/** A person with what is known of them. */
export interface PersonRow {
  id: string;
  tenantId: string;
  name: string;
  notes: string | null;
  createdAt: Date;
  updatedAt: Date;
  faces: number;
  visits: number;
  lastSeenAt: Date | null;
  /** The face whose picture stands for them. */
  faceId: string | null;
}

const SELECT = Prisma.sql`
  SELECT p.id, p.tenant_id AS "tenantId", p.name, p.notes, p.created_at AS "createdAt", p.updated_at AS "updatedAt",
    (SELECT count(*)::int FROM person_faces f WHERE f.person_id = p.id AND NOT f.is_negative) AS faces,
    seen.visits, seen."lastSeenAt",
    (SELECT f.id FROM person_faces f
      WHERE f.person_id = p.id AND NOT f.is_negative AND f.crop_key IS NOT NULL
      ORDER BY CASE jsonb_typeof(f.quality->'score') WHEN 'number'
        THEN (f.quality->>'score')::double precision END DESC NULLS LAST, f.created_at LIMIT 1) AS "faceId"
  FROM people p
  CROSS JOIN LATERAL (
    SELECT count(*)::int AS visits, max(v.last_at) AS "lastSeenAt" FROM face_visits v WHERE v.person_id = p.id
  ) seen`;

/** What goes with a person besides their row. */
export interface DeletedPerson {
  /** Files that nobody needs any more, and that are doomed. */
  assetKeys: string[];
}

/** Known people. */
export class PeopleRepository {
  constructor(private readonly database: Database) {}

  async create(tenantId: string, { name, notes }: { name: string; notes?: string }): Promise<PersonRow> {
    const id = randomUUID();
    await this.database.prisma.$executeRaw`
      INSERT INTO people (id, tenant_id, name, notes) VALUES (${id}, ${tenantId}, ${name}, ${notes ?? null})`;
    const row = await this.find(tenantId, id);
    if (!row) throw new Error('A person was deleted while being made.');
    return row;
  }

  async find(tenantId: string, id: string): Promise<PersonRow | null> {
    const rows = await this.database.prisma.$queryRaw<PersonRow[]>`
      ${SELECT} WHERE p.tenant_id = ${tenantId} AND p.id = ${id}`;
    return rows[0] ?? null;
  }

  /** In the order in which they were added. */
  async list(tenantId: string, { limit, cursor, q }: PersonListQuery): Promise<Page<PersonRow>> {
    const after = decodeCursor(cursor);
    const rows = await this.database.prisma.$queryRaw<PersonRow[]>`
      ${SELECT} WHERE p.tenant_id = ${tenantId}
        ${after ? Prisma.sql`AND (p.created_at, p.id) > (${new Date(after.at)}, ${after.id})` : Prisma.empty}
        ${q ? Prisma.sql`AND strpos(lower(p.name), lower(${q})) > 0` : Prisma.empty}
      ORDER BY p.created_at, p.id LIMIT ${limit + 1}`;
    return pageOfRows(rows, { limit, cursorOf: (row) => ({ at: row.createdAt.getTime(), id: row.id }) });
  }

  /** The person after the change, or `null` when there is none. */
  async update(
    tenantId: string,
    id: string,
    { name, notes }: { name?: string; notes?: string | null },
  ): Promise<PersonRow | null> {
    await this.database.prisma.$executeRaw`
      UPDATE people SET name = coalesce(${name ?? null}, name),
        notes = CASE WHEN ${notes !== undefined} THEN ${notes ?? null} ELSE notes END, updated_at = now()
      WHERE tenant_id = ${tenantId} AND id = ${id}`;
    return this.find(tenantId, id);
  }

  /**
   * Everything of `fromId` becomes `id`'s: faces, visits, what was said of either. Of two words of users that
   * contradict each other once both are one person («this is A», «this is not B») the yes stays; against what was only
   * found by consensus the no holds.
   * Answers `false` when either is missing.
   */
  merge(tenantId: string, { id, fromId }: { id: string; fromId: string }): Promise<boolean> {
    return changeIdentities(this.database, async (tx) => {
      if (!(await this.lock(tx, tenantId, [id, fromId]))) return false;
      await tx.$executeRaw`
        UPDATE face_visits SET person_id = NULL, person_score = NULL, decided_by = NULL, is_pending = true
        WHERE person_id = ANY(${[id, fromId]}::text[]) AND decided_by = 'consensus'
          AND not_person_ids && ${[id, fromId]}::text[]`;
      await tx.$executeRaw`
        UPDATE person_faces SET person_id = ${id}, is_pending = NOT is_negative WHERE person_id = ${fromId}`;
      await tx.$executeRaw`UPDATE face_visits SET person_id = ${id} WHERE person_id = ${fromId}`;
      await tx.$executeRaw`
        UPDATE face_visits SET not_person_ids = CASE WHEN person_id = ${id} THEN '{}'::text[] ELSE ARRAY[${id}] END
          || array_remove(array_remove(not_person_ids, ${fromId}), ${id})
        WHERE tenant_id = ${tenantId} AND not_person_ids && ARRAY[${id}, ${fromId}]`;
      await tx.$executeRaw`
        DELETE FROM person_faces f USING face_visits v
        WHERE f.person_id = ${id} AND f.is_negative AND v.tenant_id = f.tenant_id AND v.track_id = f.track_id
          AND v.person_id = ${id}`;
      await tx.$executeRaw`
        UPDATE people p SET notes = coalesce(p.notes, o.notes), updated_at = now()
        FROM people o WHERE p.id = ${id} AND o.id = ${fromId}`;
      await tx.$executeRaw`DELETE FROM people WHERE id = ${fromId}`;
      return true;
    });
  }

  /**
   * A new person takes some of a person's faces, and the visits that those came from; what the old one was given
   * by consensus is judged anew. Answers the new id, or `null` when one of them is missing.
   */
  split(
    tenantId: string,
    { id, faceIds, name }: { id: string; faceIds: readonly string[]; name: string },
  ): Promise<string | null> {
    return changeIdentities(this.database, async (tx) => {
      const wanted = [...new Set(faceIds)];
      const faces = await tx.$queryRaw<{ id: string }[]>`
        SELECT id FROM person_faces WHERE tenant_id = ${tenantId} AND person_id = ${id}
          AND NOT is_negative AND id = ANY(${wanted}::text[])`;
      if (faces.length < wanted.length) return null;
      const newId = randomUUID();
      await tx.$executeRaw`INSERT INTO people (id, tenant_id, name) VALUES (${newId}, ${tenantId}, ${name})`;
      await tx.$executeRaw`
        UPDATE person_faces SET person_id = ${newId}, is_pending = true WHERE id = ANY(${wanted}::text[])`;
      await tx.$executeRaw`
        UPDATE face_visits v SET person_id = ${newId} FROM person_faces f
        WHERE f.id = ANY(${wanted}::text[]) AND v.tenant_id = f.tenant_id AND v.track_id = f.track_id
          AND v.person_id = ${id} AND v.decided_by = 'user'`;
      await judgeAnew(tx, id);
      return newId;
    });
  }

  /**
   * Their visits are judged anew, as those of somebody unknown. With `erase` nothing stays of how they look: the
   * visits go, and the pictures and embeddings of the visits' events, those that are still to come as well. `null` when there is no such person.
   */
  delete(tenantId: string, id: string, { erase }: { erase: boolean }): Promise<DeletedPerson | null> {
    return changeIdentities(this.database, async (tx) => {
      if (!(await this.lock(tx, tenantId, [id]))) return null;
      const assetKeys = erase ? await eraseVisits(tx, tenantId, id) : [];
      const crops = await tx.$queryRaw<{ key: string }[]>`
        SELECT crop_key AS key FROM person_faces WHERE person_id = ${id} AND crop_key IS NOT NULL`;
      await tx.$executeRaw`
        UPDATE face_visits SET person_id = NULL, person_score = NULL, decided_by = NULL, is_pending = true
        WHERE person_id = ${id}`;
      await tx.$executeRaw`
        UPDATE face_visits SET not_person_ids = array_remove(not_person_ids, ${id}), is_pending = true
        WHERE tenant_id = ${tenantId} AND ${id} = ANY(not_person_ids)`;
      await tx.$executeRaw`DELETE FROM people WHERE id = ${id}`;
      const doomed = [...assetKeys, ...crops.map(({ key }) => key)];
      await doomFiles(tx, doomed);
      return { assetKeys: doomed };
    });
  }

  private async lock(tx: Queryable, tenantId: string, ids: readonly string[]): Promise<boolean> {
    const rows = await tx.$queryRaw<{ id: string }[]>`
      SELECT id FROM people WHERE tenant_id = ${tenantId} AND id = ANY(${[...ids]}::text[]) FOR UPDATE`;
    return rows.length === ids.length;
  }
}

/** What a person was given by consensus is judged again, by the faces that are left. */
export async function judgeAnew(tx: Queryable, personId: string): Promise<void> {
  await tx.$executeRaw`
    UPDATE face_visits SET is_pending = true WHERE person_id = ${personId} AND decided_by = 'consensus'`;
}

/** The tracks that show the person, by consensus, by a user's word or by a face that was enrolled from them. */
async function eraseVisits(tx: Queryable, tenantId: string, id: string): Promise<string[]> {
  const tracks = await tx.$queryRaw<{ trackId: string }[]>`
    SELECT track_id AS "trackId" FROM face_visits WHERE person_id = ${id}
    UNION SELECT track_id FROM person_faces WHERE person_id = ${id} AND NOT is_negative AND track_id IS NOT NULL`;
  const ids = tracks.map(({ trackId }) => trackId);
  await tx.$executeRaw`
    INSERT INTO erased_tracks (tenant_id, track_id) SELECT ${tenantId}, unnest(${ids}::text[])
    ON CONFLICT (tenant_id, track_id) DO UPDATE SET erased_at = now()`;
  const snapshots = await tx.$queryRaw<{ key: string }[]>`
    SELECT snapshot_key AS key FROM events
    WHERE tenant_id = ${tenantId} AND track_id = ANY(${ids}::text[]) AND snapshot_key IS NOT NULL`;
  await tx.$executeRaw`
    UPDATE events SET snapshot_key = NULL, embedding = '{}', model = NULL, model_version = NULL
    WHERE tenant_id = ${tenantId} AND track_id = ANY(${ids}::text[])`;
  // Kept of their looks elsewhere: «this is not somebody else».
  const crops = await tx.$queryRaw<{ key: string | null }[]>`
    DELETE FROM person_faces WHERE tenant_id = ${tenantId} AND person_id <> ${id} AND track_id = ANY(${ids}::text[])
    RETURNING crop_key AS key`;
  const visits = await tx.$queryRaw<{ groupId: string | null }[]>`
    DELETE FROM face_visits WHERE tenant_id = ${tenantId} AND track_id = ANY(${ids}::text[])
    RETURNING group_id AS "groupId"`;
  // A group lies where its visits are: without them it would go on showing how they look.
  await settleGroups(
    tx,
    visits.flatMap(({ groupId }) => groupId ?? []),
  );
  return [...snapshots, ...crops].flatMap(({ key }) => (key ? [key] : []));
}
