import type { Page, PageQuery } from '@camfleet/protocol';
import { randomUUID } from 'node:crypto';
import type { Database, Queryable } from '../database';
import { Prisma } from '../generated/client';
import { claimFiles, doomFiles } from '../doomed-files.repository';
import { decodeCursor, pageOfRows } from '../page';
import { decodeRealArray, encodeRealArray } from '../real-array';
import { judgeAnew } from './people.repository';
import { changeIdentities } from './recognition-lock';
import type { FaceVisitRow } from './visit-rows';

type VisitKey = Pick<FaceVisitRow, 'tenantId' | 'trackId'>;
type FaceModel = Pick<NewPersonFace, 'model' | 'modelVersion'>;

/** A face without its embedding, which is never given out. */
export interface PersonFaceRow {
  id: string;
  tenantId: string;
  personId: string;
  eventId: string | null;
  quality: unknown;
  cropKey: string | null;
  model: string;
  modelVersion: string;
  isNegative: boolean;
  createdAt: Date;
}

export interface NewPersonFace {
  id?: string;
  tenantId: string;
  personId: string;
  eventId?: string;
  trackId?: string;
  quality: unknown;
  cropKey?: string;
  model: string;
  modelVersion: string;
  embedding: Float32Array;
  isNegative?: boolean;
  /** A user said that the visit shows them: it goes when that is taken back. */
  isByWord?: boolean;
}

const COLUMNS = Prisma.sql`id, tenant_id AS "tenantId", person_id AS "personId", event_id AS "eventId", quality,
  crop_key AS "cropKey", model, model_version AS "modelVersion", is_negative AS "isNegative",
  created_at AS "createdAt"`;

/** The faces that people are known by. */
export class PersonFacesRepository {
  constructor(private readonly database: Database) {}

  /**
   * Answers the id, or `null` when the person is gone. `check` may refuse by throwing; until the face is added no other
   * one is, so that of two who are to get the same face at once only one does.
   */
  add(face: NewPersonFace, check: () => Promise<void>): Promise<string | null> {
    return changeIdentities(this.database, async (tx) => {
      await check();
      return insertFace(tx, face);
    });
  }

  async find(tenantId: string, personId: string, id: string): Promise<PersonFaceRow | null> {
    const rows = await this.database.prisma.$queryRaw<PersonFaceRow[]>`
      SELECT ${COLUMNS} FROM person_faces
      WHERE tenant_id = ${tenantId} AND person_id = ${personId} AND id = ${id}`;
    return rows[0] ?? null;
  }

  /** The face of a visit that the person is known by; `null`: there is none. */
  async ofVisit(personId: string, { tenantId, trackId }: VisitKey): Promise<string | null> {
    const rows = await this.database.prisma.$queryRaw<{ id: string }[]>`
      SELECT id FROM person_faces
      WHERE tenant_id = ${tenantId} AND track_id = ${trackId} AND person_id = ${personId} AND NOT is_negative LIMIT 1`;
    return rows[0]?.id ?? null;
  }

  /** Faces that users said are not the person's. */
  async denied(personId: string, { model, modelVersion }: FaceModel): Promise<Float32Array[]> {
    const rows = await this.database.prisma.$queryRaw<{ embedding: Uint8Array }[]>`
      SELECT array_send(embedding) AS embedding FROM person_faces
      WHERE person_id = ${personId} AND is_negative AND model = ${model} AND model_version = ${modelVersion}`;
    return rows.map(({ embedding }) => decodeRealArray(embedding));
  }

  /** In the order in which they were added. */
  async list(tenantId: string, personId: string, { limit, cursor }: PageQuery): Promise<Page<PersonFaceRow>> {
    const after = decodeCursor(cursor);
    const rows = await this.database.prisma.$queryRaw<PersonFaceRow[]>`
      SELECT ${COLUMNS} FROM person_faces WHERE tenant_id = ${tenantId} AND person_id = ${personId}
        ${after ? Prisma.sql`AND (created_at, id) > (${new Date(after.at)}, ${after.id})` : Prisma.empty}
      ORDER BY created_at, id LIMIT ${limit + 1}`;
    return pageOfRows(rows, { limit, cursorOf: (row) => ({ at: row.createdAt.getTime(), id: row.id }) });
  }

  /**
   * What the person was given by this face is judged anew; a «this is not» that goes lets the face be found again.
   * Answers the row that went.
   */
  delete(tenantId: string, personId: string, id: string): Promise<PersonFaceRow | null> {
    return changeIdentities(this.database, async (tx) => {
      const [row] = await tx.$queryRaw<(PersonFaceRow & { trackId: string | null })[]>`
        DELETE FROM person_faces WHERE tenant_id = ${tenantId} AND person_id = ${personId} AND id = ${id}
        RETURNING ${COLUMNS}, track_id AS "trackId"`;
      if (!row) return null;
      await doomFiles(tx, row.cropKey === null ? [] : [row.cropKey]);
      if (!row.isNegative) {
        await judgeAnew(tx, personId);
        return row;
      }
      await tx.$executeRaw`
        UPDATE face_visits SET not_person_ids = array_remove(not_person_ids, ${personId})
        WHERE tenant_id = ${tenantId} AND track_id = ${row.trackId}`;
      await tx.$executeRaw`
        UPDATE person_faces SET is_pending = true WHERE person_id = ${personId} AND NOT is_negative`;
      return row;
    });
  }
}

/** A negative face sets off no look back. The crop must be staged; it stays so when the person is gone: `null`. */
export async function insertFace(tx: Queryable, face: NewPersonFace): Promise<string | null> {
  const id = face.id ?? randomUUID();
  const isNegative = face.isNegative ?? false;
  const rows = await tx.$queryRaw<{ id: string }[]>`
    INSERT INTO person_faces (id, tenant_id, person_id, event_id, track_id, quality, crop_key, model, model_version,
      embedding, is_negative, by_word, is_pending)
    SELECT ${id}, tenant_id, id, ${face.eventId ?? null}, ${face.trackId ?? null},
      ${JSON.stringify(face.quality ?? {})}::jsonb, ${face.cropKey ?? null}, ${face.model}, ${face.modelVersion},
      ${encodeRealArray([face.embedding])}::real[], ${isNegative}, ${face.isByWord ?? false}, ${!isNegative}
    FROM people WHERE tenant_id = ${face.tenantId} AND id = ${face.personId}
    RETURNING id`;
  const [row] = rows;
  if (row && face.cropKey !== undefined) await claimFiles(tx, [face.cropKey]);
  return row?.id ?? null;
}
