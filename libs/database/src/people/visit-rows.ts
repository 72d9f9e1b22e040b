import type { Queryable } from '../database';
import { decodeRealArray, encodeRealArray } from '../real-array';
import { Prisma } from '../generated/client';

/** One visit of a face, as the recogniser keeps it. */
export interface FaceVisitRow {
  tenantId: string;
  trackId: string;
  cameraId: string | null;
  firstAt: Date;
  lastAt: Date;
  bestEventId: string | null;
  bestQuality: number;
  model: string | null;
  modelVersion: string | null;
  /** Length 1; empty while it has none. */
  embedding: Float32Array;
  /** The length of the weighted sum that `embedding` is the direction of. */
  weight: number;
  personId: string | null;
  personScore: number | null;
  decidedBy: 'consensus' | 'user' | null;
  notPersonIds: string[];
  groupId: string | null;
  isPending: boolean;
}

/** An event that shows a face; what a visit begins with. */
export interface FaceEvent {
  tenantId: string;
  trackId: string;
  cameraId: string | null;
  occurredAt: Date;
}

/** A visit of which nothing is known but that it was. */
export function newVisit({ tenantId, trackId, cameraId, occurredAt }: FaceEvent): FaceVisitRow {
  return {
    tenantId,
    trackId,
    cameraId,
    firstAt: occurredAt,
    lastAt: occurredAt,
    bestEventId: null,
    bestQuality: 0,
    model: null,
    modelVersion: null,
    embedding: new Float32Array(0),
    weight: 0,
    personId: null,
    personScore: null,
    decidedBy: null,
    notPersonIds: [],
    groupId: null,
    isPending: false,
  };
}

type Stored = Omit<FaceVisitRow, 'embedding'> & { embedding: Uint8Array };

const COLUMNS = Prisma.sql`v.tenant_id AS "tenantId", v.track_id AS "trackId", v.camera_id AS "cameraId",
  v.first_at AS "firstAt", v.last_at AS "lastAt", v.best_event_id AS "bestEventId", v.best_quality AS "bestQuality",
  v.model, v.model_version AS "modelVersion", array_send(v.embedding) AS embedding, v.weight,
  v.person_id AS "personId", v.person_score AS "personScore", v.decided_by AS "decidedBy",
  v.not_person_ids AS "notPersonIds", v.group_id AS "groupId", v.is_pending AS "isPending"`;

export async function selectVisits(tx: Queryable, rest: Prisma.Sql): Promise<FaceVisitRow[]> {
  const rows = await tx.$queryRaw<Stored[]>`SELECT ${COLUMNS} FROM face_visits v ${rest}`;
  return rows.map((row) => ({ ...row, embedding: decodeRealArray(row.embedding) }));
}

/** Inserts or replaces whole rows. */
export async function saveVisits(tx: Queryable, visits: readonly FaceVisitRow[]): Promise<void> {
  if (visits.length === 0) return;
  let start = 1;
  const rows = visits.map(({ embedding, ...visit }) => {
    const row = { ...visit, vectorStart: start, vectorLength: embedding.length };
    start += embedding.length;
    return row;
  });
  const vectors = encodeRealArray(visits.map(({ embedding }) => embedding));
  await tx.$executeRaw`
    INSERT INTO face_visits AS v (tenant_id, track_id, camera_id, first_at, last_at, best_event_id, best_quality,
      model, model_version, embedding, weight, person_id, person_score, decided_by, not_person_ids, group_id,
      is_pending)
    SELECT r."tenantId", r."trackId", r."cameraId", r."firstAt", r."lastAt", r."bestEventId", r."bestQuality",
      r.model, r."modelVersion",
      CASE WHEN r."vectorLength" > 0
        THEN (${vectors}::real[])[r."vectorStart" : r."vectorStart" + r."vectorLength" - 1] ELSE '{}' END,
      r.weight, r."personId", r."personScore", r."decidedBy", r."notPersonIds", r."groupId", r."isPending"
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r (
      "tenantId" text, "trackId" text, "cameraId" text, "firstAt" timestamptz, "lastAt" timestamptz,
      "bestEventId" text, "bestQuality" double precision, model text, "modelVersion" text,
      "vectorStart" integer, "vectorLength" integer, weight double precision, "personId" text,
      "personScore" double precision, "decidedBy" text, "notPersonIds" text[], "groupId" text, "isPending" boolean
    )
    ON CONFLICT (tenant_id, track_id) DO UPDATE SET
      camera_id = excluded.camera_id, first_at = excluded.first_at, last_at = excluded.last_at,
      best_event_id = excluded.best_event_id, best_quality = excluded.best_quality, model = excluded.model,
      model_version = excluded.model_version, embedding = excluded.embedding, weight = excluded.weight,
      person_id = excluded.person_id, person_score = excluded.person_score, decided_by = excluded.decided_by,
      not_person_ids = excluded.not_person_ids, group_id = excluded.group_id, is_pending = excluded.is_pending`;
}
