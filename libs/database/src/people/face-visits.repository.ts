import type { Database, Queryable } from '../database';
import { Prisma } from '../generated/client';
import { doomFiles } from '../doomed-files.repository';
import { settleGroups } from './group-rows';
import { judgeAnew } from './people.repository';
import { insertFace } from './person-faces.repository';
import { changeIdentities } from './recognition-lock';
import { type FaceEvent, type FaceVisitRow, newVisit, saveVisits, selectVisits } from './visit-rows';

/** What a user said of a visit: who it is (`null`: nobody known; none: unsaid), and who it is not. */
export interface Correction {
  personId?: string | null;
  not: readonly string[];
}

/** One face of a visit's that may be enrolled: the visit's embedding with the quality and picture of an event. */
export interface VisitFace {
  eventId: string;
  trackId: string;
  quality: Record<string, unknown>;
  snapshotKey: string | null;
  model: string;
  modelVersion: string;
  embedding: Float32Array;
}

/** Visits of faces, and whom they show. */
export class FaceVisitsRepository {
  constructor(private readonly database: Database) {}

  async find(tenantId: string, trackId: string): Promise<FaceVisitRow | null> {
    return findVisit(this.database.prisma, { tenantId, trackId });
  }

  /** The face of an event; its visit's best one where the event itself came without. `null`: it has none. */
  async faceOfEvent(tenantId: string, eventId: string): Promise<VisitFace | null> {
    const [found] = await this.database.prisma.$queryRaw<EventFace[]>`
      SELECT b.id AS "eventId", b.track_id AS "trackId", b.quality, b.snapshot_key AS "snapshotKey"
      FROM events e JOIN face_visits v ON v.tenant_id = e.tenant_id AND v.track_id = e.track_id
      JOIN events b ON b.tenant_id = e.tenant_id
        AND b.id = CASE WHEN cardinality(e.embedding) > 0 THEN e.id ELSE v.best_event_id END
      WHERE e.tenant_id = ${tenantId} AND e.id = ${eventId} AND e.type = 'face'`;
    const visit = found && (await this.find(tenantId, found.trackId));
    return found && visit ? toVisitFace(found, visit) : null;
  }

  /** The best face of a visit. `null`: it has none, or its event is gone. */
  async bestFace(tenantId: string, trackId: string): Promise<VisitFace | null> {
    const visit = await this.find(tenantId, trackId);
    if (!visit?.bestEventId) return null;
    const [event] = await this.database.prisma.$queryRaw<EventFace[]>`
      SELECT id AS "eventId", track_id AS "trackId", quality, snapshot_key AS "snapshotKey" FROM events
      WHERE tenant_id = ${tenantId} AND id = ${visit.bestEventId}`;
    return event ? toVisitFace(event, visit) : null;
  }

  /** The best faces of a group, best first. */
  async facesOfGroup(tenantId: string, groupId: string, limit: number): Promise<VisitFace[]> {
    const visits = await selectVisits(
      this.database.prisma,
      Prisma.sql`WHERE v.tenant_id = ${tenantId} AND v.group_id = ${groupId}
        ORDER BY v.best_quality DESC LIMIT ${limit}`,
    );
    const ids = visits.flatMap(({ bestEventId }) => bestEventId ?? []);
    const events = await this.database.prisma.$queryRaw<EventFace[]>`
      SELECT id AS "eventId", track_id AS "trackId", quality, snapshot_key AS "snapshotKey" FROM events
      WHERE tenant_id = ${tenantId} AND id = ANY(${ids}::text[])`;
    return visits.flatMap((visit) => {
      const event = events.find(({ trackId }) => trackId === visit.trackId);
      return (event && toVisitFace(event, visit)) ?? [];
    });
  }

  /**
   * A user's word; answers the visit after it, and the files that nobody needs any more and that are doomed. `null`: somebody who is named
   * is none of the tenant's people, or no more.
   */
  correct(
    event: FaceEvent,
    { personId, not }: Correction,
  ): Promise<{ visit: FaceVisitRow; assetKeys: string[] } | null> {
    return changeIdentities(this.database, async (tx) => {
      if (!(await areKnown(tx, event.tenantId, personId ? [...not, personId] : not))) return null;
      const visit = (await findVisit(tx, event)) ?? newVisit(event);
      const assetKeys: string[] = [];
      for (const id of not) assetKeys.push(...(await deny(tx, visit, id)));
      if (personId) assetKeys.push(...(await affirm(tx, visit, personId)));
      if (personId === null) assetKeys.push(...(await removeByWord(tx, visit)));
      await doomFiles(tx, assetKeys);
      const { groupId } = visit;
      const after = spoken(visit, { personId, not });
      await saveVisits(tx, [after]);
      if (groupId && !after.groupId) await settleGroups(tx, [groupId]);
      return { visit: after, assetKeys };
    });
  }

  /** Forgets what users said of a visit, and of its face: it is judged anew. Answers the files that are doomed. */
  takeBack({ tenantId, trackId }: VisitKey): Promise<string[]> {
    return changeIdentities(this.database, async (tx) => {
      const assetKeys = await removeByWord(tx, { tenantId, trackId });
      await doomFiles(tx, assetKeys);
      const denied = await tx.$queryRaw<{ personId: string }[]>`
        DELETE FROM person_faces WHERE tenant_id = ${tenantId} AND track_id = ${trackId} AND is_negative
        RETURNING person_id AS "personId"`;
      await tx.$executeRaw`
        UPDATE person_faces SET is_pending = true
        WHERE person_id = ANY(${denied.map(({ personId }) => personId)}::text[]) AND NOT is_negative`;
      await tx.$executeRaw`
        UPDATE face_visits SET not_person_ids = '{}', is_pending = true,
          person_id = CASE WHEN decided_by = 'user' THEN NULL ELSE person_id END,
          decided_by = CASE WHEN decided_by = 'user' THEN NULL ELSE decided_by END
        WHERE tenant_id = ${tenantId} AND track_id = ${trackId}`;
      return assetKeys;
    });
  }
}

async function areKnown(tx: Queryable, tenantId: string, personIds: readonly string[]): Promise<boolean> {
  const ids = [...new Set(personIds)];
  const rows = await tx.$queryRaw<unknown[]>`
    SELECT FROM people WHERE tenant_id = ${tenantId} AND id = ANY(${ids}::text[])`;
  return rows.length === ids.length;
}

type VisitKey = Pick<FaceVisitRow, 'tenantId' | 'trackId'>;

interface EventFace {
  eventId: string;
  trackId: string;
  quality: Record<string, unknown> | null;
  snapshotKey: string | null;
}

function toVisitFace(event: EventFace, visit: FaceVisitRow): VisitFace | null {
  const { model, modelVersion, embedding } = visit;
  if (model === null || modelVersion === null || embedding.length === 0) return null;
  return { ...event, quality: event.quality ?? {}, model, modelVersion, embedding };
}

async function findVisit(tx: Queryable, { tenantId, trackId }: VisitKey): Promise<FaceVisitRow | null> {
  const rows = await selectVisits(
    tx,
    Prisma.sql`WHERE v.tenant_id = ${tenantId} AND v.track_id = ${trackId}`,
  );
  return rows[0] ?? null;
}

/** Keeps the visit's face as a veto, and takes back what says otherwise. Answers the pictures of what it took back. */
async function deny(tx: Queryable, visit: FaceVisitRow, personId: string): Promise<string[]> {
  const { tenantId, trackId, model, modelVersion, embedding } = visit;
  const faces = await tx.$queryRaw<{ key: string | null }[]>`
    DELETE FROM person_faces WHERE tenant_id = ${tenantId} AND track_id = ${trackId} AND person_id = ${personId}
    RETURNING crop_key AS key`;
  if (model !== null && modelVersion !== null && embedding.length > 0)
    await insertFace(tx, {
      ...{ tenantId, personId, trackId, model, modelVersion, embedding },
      eventId: visit.bestEventId ?? undefined,
      quality: {},
      isNegative: true,
    });
  await judgeAnew(tx, personId);
  return faces.flatMap(({ key }) => key ?? []);
}

/** Takes back what says that it is not them, and the visit's face from others. Answers the pictures of what it took back. */
async function affirm(
  tx: Queryable,
  { tenantId, trackId }: FaceVisitRow,
  personId: string,
): Promise<string[]> {
  const faces = await tx.$queryRaw<{ personId: string; key: string | null }[]>`
    DELETE FROM person_faces
    WHERE tenant_id = ${tenantId} AND track_id = ${trackId} AND (person_id = ${personId}) = is_negative
    RETURNING person_id AS "personId", crop_key AS key`;
  for (const other of new Set(faces.map((face) => face.personId)))
    if (other !== personId) await judgeAnew(tx, other);
  return faces.flatMap(({ key }) => key ?? []);
}

/** Takes back the face that was kept with «this is». Answers the pictures of what it took back. */
async function removeByWord(tx: Queryable, { tenantId, trackId }: VisitKey): Promise<string[]> {
  const faces = await tx.$queryRaw<{ personId: string; key: string | null }[]>`
    DELETE FROM person_faces WHERE tenant_id = ${tenantId} AND track_id = ${trackId} AND by_word
    RETURNING person_id AS "personId", crop_key AS key`;
  for (const personId of new Set(faces.map((face) => face.personId))) await judgeAnew(tx, personId);
  return faces.flatMap(({ key }) => key ?? []);
}

/** The visit after a user's word. «Not these», without more, leaves it to be judged by what is left. */
function spoken(visit: FaceVisitRow, { personId, not }: Correction): FaceVisitRow {
  const notPersonIds = [...new Set([...visit.notPersonIds, ...not])].filter((id) => id !== personId);
  const said = { ...visit, notPersonIds, personScore: null, isPending: false };
  if (personId) return { ...said, personId, decidedBy: 'user', groupId: null };
  if (personId === null && not.length === 0) return { ...said, personId: null, decidedBy: 'user' };
  const isDenied = visit.personId === null || not.includes(visit.personId);
  if (personId === undefined && !isDenied) return { ...visit, notPersonIds };
  return { ...said, personId: null, decidedBy: null, isPending: true };
}
