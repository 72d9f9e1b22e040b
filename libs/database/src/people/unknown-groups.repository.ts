import type { Page, UnknownListQuery } from '@camfleet/protocol';
import { randomUUID } from 'node:crypto';
import type { Database } from '../database';
import { decodeCursor, pageOfRows } from '../page';
import { Prisma } from '../generated/client';
import { type NewPersonFace, insertFace } from './person-faces.repository';
import { changeIdentities } from './recognition-lock';

export interface UnknownGroupRow {
  id: string;
  createdAt: Date;
  visits: number;
  firstSeenAt: Date;
  lastSeenAt: Date;
}

export interface GroupVisitRow {
  groupId: string;
  trackId: string;
  cameraId: string | null;
  firstAt: Date;
  lastAt: Date;
  quality: number;
  eventId: string | null;
  hasSnapshot: boolean;
}

/** Unknown people: visits that resemble each other. */
export class UnknownGroupsRepository {
  constructor(private readonly database: Database) {}

  async exists(tenantId: string, id: string): Promise<boolean> {
    const rows = await this.database.prisma.$queryRaw<unknown[]>`
      SELECT 1 FROM unknown_groups WHERE tenant_id = ${tenantId} AND id = ${id}`;
    return rows.length > 0;
  }

  /** Answers whether there is such a group. */
  async setDismissed(tenantId: string, id: string, dismissed: boolean): Promise<boolean> {
    const changed = await this.database.prisma.$executeRaw`
      UPDATE unknown_groups SET dismissed_at = CASE WHEN ${dismissed} THEN now() END
      WHERE tenant_id = ${tenantId} AND id = ${id}`;
    return changed > 0;
  }

  /** The newest first, without those that were dismissed. */
  async list(
    tenantId: string,
    { limit, cursor, minVisits }: UnknownListQuery,
  ): Promise<Page<UnknownGroupRow>> {
    const before = decodeCursor(cursor);
    const rows = await this.database.prisma.$queryRaw<UnknownGroupRow[]>`
      SELECT g.id, g.created_at AS "createdAt", s.visits, s."firstSeenAt", s."lastSeenAt"
      FROM unknown_groups g
      CROSS JOIN LATERAL (
        SELECT count(*)::int AS visits, min(v.first_at) AS "firstSeenAt", max(v.last_at) AS "lastSeenAt"
        FROM face_visits v WHERE v.group_id = g.id
      ) s
      WHERE g.tenant_id = ${tenantId} AND g.dismissed_at IS NULL AND s.visits >= ${minVisits}
        ${before ? Prisma.sql`AND (g.created_at, g.id) < (${new Date(before.at)}, ${before.id})` : Prisma.empty}
      ORDER BY g.created_at DESC, g.id DESC LIMIT ${limit + 1}`;
    return pageOfRows(rows, { limit, cursorOf: (row) => ({ at: row.createdAt.getTime(), id: row.id }) });
  }

  /** The best visits of each group, best first. */
  async bestVisits(groupIds: readonly string[], limit: number): Promise<GroupVisitRow[]> {
    return this.database.prisma.$queryRaw<GroupVisitRow[]>`
      SELECT v.* FROM unnest(${[...groupIds]}::text[]) AS g (id)
      CROSS JOIN LATERAL (
        SELECT v.group_id AS "groupId", v.track_id AS "trackId", v.camera_id AS "cameraId", v.first_at AS "firstAt",
          v.last_at AS "lastAt", v.best_quality AS quality, v.best_event_id AS "eventId",
          e.snapshot_key IS NOT NULL AS "hasSnapshot"
        FROM face_visits v LEFT JOIN events e ON e.tenant_id = v.tenant_id AND e.id = v.best_event_id
        WHERE v.group_id = g.id ORDER BY v.best_quality DESC LIMIT ${limit}
      ) v`;
  }

  /**
   * All visits of the group become the person's, by the user's word, save those of which a user said that they are
   * not; and the group is no more. `faces` are enrolled.
   * Answers the person's id, or `null` when group or person are gone.
   */
  name(
    tenantId: string,
    naming: {
      groupId: string;
      /** `null`: somebody new, called `name`. */
      personId: string | null;
      name?: string;
      faces: readonly Omit<NewPersonFace, 'personId' | 'tenantId'>[];
    },
  ): Promise<string | null> {
    const { groupId, name = '', faces } = naming;
    return changeIdentities(this.database, async (tx) => {
      const groups = await tx.$queryRaw<unknown[]>`
        SELECT 1 FROM unknown_groups WHERE tenant_id = ${tenantId} AND id = ${groupId} FOR UPDATE`;
      if (groups.length === 0) return null;
      const personId = naming.personId ?? randomUUID();
      if (naming.personId === null)
        await tx.$executeRaw`INSERT INTO people (id, tenant_id, name) VALUES (${personId}, ${tenantId}, ${name})`;
      const people = await tx.$queryRaw<unknown[]>`
        SELECT 1 FROM people WHERE tenant_id = ${tenantId} AND id = ${personId} FOR UPDATE`;
      if (people.length === 0) return null;
      await tx.$executeRaw`
        UPDATE face_visits SET person_id = ${personId}, person_score = NULL, decided_by = 'user', group_id = NULL,
          is_pending = false
        WHERE group_id = ${groupId} AND NOT ${personId} = ANY(not_person_ids)`;
      await tx.$executeRaw`UPDATE face_visits SET is_pending = true WHERE group_id = ${groupId}`;
      await tx.$executeRaw`DELETE FROM unknown_groups WHERE id = ${groupId}`;
      for (const face of faces) await insertFace(tx, { ...face, tenantId, personId, isByWord: true });
      return personId;
    });
  }
}
