import type { Database } from '../database';
import { encodeRealArray } from '../real-array';
import { settleGroups } from './group-rows';
import { changeIdentities } from './recognition-lock';

/** A model as rows name it. */
export interface ModelName {
  model: string;
  version: string;
}

/** A face, or a visit, that is to be embedded anew, and the picture that it is seen on. */
export interface StaleFace {
  kind: 'face' | 'visit';
  id: string;
  /** `null`: there is none (any more). */
  pictureKey: string | null;
}

interface Progress {
  done: number;
  total: number;
}

/** How long a replica's turn lasts when it dies in it. */
const TURN_MS = 60_000;

/** Follows a change of the workers' embedder. */
export class ModelChangeRepository {
  constructor(private readonly database: Database) {}

  /** Takes the turn, or keeps it. Answers `false` while another replica has it. */
  async takeTurn(holder: string): Promise<boolean> {
    const taken = await this.database.prisma.$executeRaw`
      UPDATE recognition SET holder = ${holder}, held_until = now() + ${TURN_MS} * interval '1 millisecond'
      WHERE task = 'model' AND (holder IS NULL OR holder = ${holder} OR held_until < now())`;
    return taken > 0;
  }

  async leaveTurn(holder: string): Promise<void> {
    await this.database.prisma.$executeRaw`
      UPDATE recognition SET holder = NULL, held_until = NULL WHERE task = 'model' AND holder = ${holder}`;
  }

  /** Faces of people first: by them the visits are judged. A face that was denied has its event's picture alone. */
  async stale(tenantId: string, to: ModelName, limit: number): Promise<StaleFace[]> {
    const name = nameOf(to);
    return this.database.prisma.$queryRaw<StaleFace[]>`
      SELECT * FROM (
        (SELECT 'face' AS kind, f.id, coalesce(f.crop_key, e.snapshot_key) AS "pictureKey", 0 AS rank
          FROM person_faces f LEFT JOIN events e ON e.tenant_id = f.tenant_id AND e.id = f.event_id
          WHERE f.tenant_id = ${tenantId} AND (f.model, f.model_version) <> (${to.model}, ${to.version})
            AND f.failed_model IS DISTINCT FROM ${name} LIMIT ${limit})
        UNION ALL
        (SELECT 'visit', v.track_id, e.snapshot_key, 1 FROM face_visits v
          LEFT JOIN events e ON e.tenant_id = v.tenant_id AND e.id = v.best_event_id
          WHERE v.tenant_id = ${tenantId} AND (v.model, v.model_version) <> (${to.model}, ${to.version})
            AND v.failed_model IS DISTINCT FROM ${name} ORDER BY v.last_at DESC LIMIT ${limit})
      ) stale ORDER BY rank LIMIT ${limit}`;
  }

  /** Puts the new embedding in the old one's place, where that is still the old model's; it is judged by it anew. */
  async replace(
    tenantId: string,
    { kind, id }: StaleFace,
    { to, embedding }: { to: ModelName; embedding: Float32Array },
  ): Promise<void> {
    const vector = encodeRealArray([embedding]);
    const { model, version } = to;
    await changeIdentities(this.database, async (tx) => {
      if (kind === 'face') {
        await tx.$executeRaw`
          UPDATE person_faces SET model = ${model}, model_version = ${version}, embedding = ${vector}::real[],
            is_pending = NOT is_negative
          WHERE tenant_id = ${tenantId} AND id = ${id}`;
        return;
      }
      const rows = await tx.$queryRaw<{ groupId: string | null }[]>`
        UPDATE face_visits SET model = ${model}, model_version = ${version}, embedding = ${vector}::real[],
          weight = greatest(best_quality, 0.01), is_pending = person_id IS NULL
        WHERE tenant_id = ${tenantId} AND track_id = ${id}
          AND (face_visits.model, model_version) <> (${model}, ${version})
        RETURNING group_id AS "groupId"`;
      await settleGroups(
        tx,
        rows.flatMap(({ groupId }) => groupId ?? []),
      );
    });
  }

  /** Its picture is gone, or shows no face to this model: it stays as it is, and is not tried again. */
  async giveUp(tenantId: string, { kind, id }: StaleFace, to: ModelName): Promise<void> {
    const name = nameOf(to);
    if (kind === 'face')
      await this.database.prisma.$executeRaw`
        UPDATE person_faces SET failed_model = ${name} WHERE tenant_id = ${tenantId} AND id = ${id}`;
    else
      await this.database.prisma.$executeRaw`
        UPDATE face_visits SET failed_model = ${name} WHERE tenant_id = ${tenantId} AND track_id = ${id}`;
  }

  /** What was given up counts as done. */
  async progress(tenantId: string, to: ModelName): Promise<{ faces: Progress; visits: Progress }> {
    const name = nameOf(to);
    const [faces] = await this.database.prisma.$queryRaw<Progress[]>`
      SELECT count(*)::int AS total, count(*) FILTER (
        WHERE (model, model_version) = (${to.model}, ${to.version}) OR failed_model = ${name})::int AS done
      FROM person_faces WHERE tenant_id = ${tenantId}`;
    const [visits] = await this.database.prisma.$queryRaw<Progress[]>`
      SELECT count(*)::int AS total, count(*) FILTER (
        WHERE (model, model_version) = (${to.model}, ${to.version}) OR failed_model = ${name})::int AS done
      FROM face_visits WHERE tenant_id = ${tenantId} AND model IS NOT NULL`;
    const none = { done: 0, total: 0 };
    return { faces: faces ?? none, visits: visits ?? none };
  }
}

function nameOf({ model, version }: ModelName): string {
  return `${model}@${version}`;
}
