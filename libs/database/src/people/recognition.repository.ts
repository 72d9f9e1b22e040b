import type { Database, Queryable } from '../database';
import { Prisma } from '../generated/client';
import { decodeRealArray } from '../real-array';
import { doomFiles } from '../doomed-files.repository';
import { type NewGroup, insertGroups, settleGroups } from './group-rows';
import { recogniseAlone } from './recognition-lock';
import { type FaceVisitRow, saveVisits, selectVisits } from './visit-rows';

/** A face as a worker reported it. */
export interface FaceSighting {
  sequence: bigint;
  id: string;
  tenantId: string;
  trackId: string;
  cameraId: string | null;
  occurredAt: Date;
  quality: unknown;
  model: string | null;
  modelVersion: string | null;
  /** Empty: it came without. */
  embedding: Float32Array;
}

/** A face that the unknown visits are to be looked through for. */
export interface PendingFace {
  id: string;
  tenantId: string;
  model: string;
  modelVersion: string;
  embedding: Float32Array;
}

interface Sightings {
  sightings: FaceSighting[];
  /** Up to which sequence these are all. */
  upTo: bigint;
  /** Nothing was stored after them when they were read. */
  isAll: boolean;
  /** Files of erased people; doomed with the round. */
  assetKeys: string[];
}

/** What one round of recognising reads and writes, within its transaction. */
export class RecognitionRound {
  constructor(
    private readonly tx: Queryable,
    /** Up to here everything was recognised. */
    readonly sequence: bigint,
  ) {}

  /**
   * Faces seen after `sequence`, oldest first. Those of people who were erased while they were on their way lose what they
   * tell of looks.
   */
  async sightings(limit: number): Promise<Sightings> {
    const [newest] = await this.tx.$queryRaw<{ sequence: bigint }[]>`
      SELECT coalesce(max(sequence), 0) AS sequence FROM events`;
    const upTo = newest?.sequence ?? 0n;
    if (upTo <= this.sequence) return { sightings: [], upTo: this.sequence, isAll: true, assetKeys: [] };
    const rows = await this.tx.$queryRaw<(Omit<FaceSighting, 'embedding'> & { embedding: Uint8Array })[]>`
      SELECT e.sequence, e.id, e.tenant_id AS "tenantId", e.track_id AS "trackId", e.camera_id AS "cameraId",
        e.occurred_at AS "occurredAt", e.quality, e.model, e.model_version AS "modelVersion",
        array_send(e.embedding) AS embedding
      FROM events e
      WHERE e.sequence > ${this.sequence} AND e.sequence <= ${upTo} AND e.type = 'face' AND e.track_id IS NOT NULL
      ORDER BY e.sequence LIMIT ${limit}`;
    const isAll = rows.length < limit;
    const erased = await this.eraseLooks(rows.map(({ id }) => id));
    const sightings = rows
      .filter(({ id }) => !erased.has(id))
      .map((row) => ({ ...row, embedding: decodeRealArray(row.embedding) }));
    return {
      sightings,
      upTo: isAll ? upTo : (rows.at(-1)?.sequence ?? upTo),
      isAll,
      assetKeys: [...erased.values()].flatMap((key) => key ?? []),
    };
  }

  /** Of the events those whose track was erased, with the picture that each had. */
  private async eraseLooks(eventIds: readonly string[]): Promise<Map<string, string | null>> {
    const erased = await this.tx.$queryRaw<{ id: string; key: string | null }[]>`
      SELECT e.id, e.snapshot_key AS key FROM events e
      JOIN erased_tracks t ON t.tenant_id = e.tenant_id AND t.track_id = e.track_id
      WHERE e.id = ANY(${[...eventIds]}::text[])`;
    await doomFiles(
      this.tx,
      erased.flatMap(({ key }) => key ?? []),
    );
    if (erased.length > 0)
      await this.tx.$executeRaw`
        UPDATE events SET snapshot_key = NULL, embedding = '{}', model = NULL, model_version = NULL
        WHERE id = ANY(${erased.map(({ id }) => id)}::text[])`;
    return new Map(erased.map(({ id, key }) => [id, key]));
  }

  visitsOf(tracks: readonly Pick<FaceVisitRow, 'tenantId' | 'trackId'>[]): Promise<FaceVisitRow[]> {
    const tenants = tracks.map(({ tenantId }) => tenantId);
    const ids = tracks.map(({ trackId }) => trackId);
    return selectVisits(
      this.tx,
      Prisma.sql`WHERE (v.tenant_id, v.track_id) IN (SELECT * FROM unnest(${tenants}::text[], ${ids}::text[]))`,
    );
  }

  /** Visits that are to be judged anew. */
  pendingVisits(limit: number): Promise<FaceVisitRow[]> {
    return selectVisits(this.tx, Prisma.sql`WHERE v.is_pending LIMIT ${limit}`);
  }

  /** How many visits each group has. */
  async groupSizes(ids: readonly string[]): Promise<Map<string, number>> {
    const rows = await this.tx.$queryRaw<{ id: string; size: bigint }[]>`
      SELECT group_id AS id, count(*) AS size FROM face_visits
      WHERE group_id = ANY(${[...ids]}::text[]) GROUP BY group_id`;
    return new Map(rows.map(({ id, size }) => [id, Number(size)]));
  }

  async pendingFaces(limit: number): Promise<PendingFace[]> {
    const rows = await this.tx.$queryRaw<(Omit<PendingFace, 'embedding'> & { embedding: Uint8Array })[]>`
      SELECT id, tenant_id AS "tenantId", model, model_version AS "modelVersion", array_send(embedding) AS embedding
      FROM person_faces WHERE is_pending LIMIT ${limit}`;
    return rows.map((row) => ({ ...row, embedding: decodeRealArray(row.embedding) }));
  }

  /** The face was looked for: `trackIds` may show its person. */
  async lookedBack({ id, tenantId }: PendingFace, trackIds: readonly string[]): Promise<void> {
    await this.tx.$executeRaw`UPDATE person_faces SET is_pending = false WHERE id = ${id}`;
    if (trackIds.length > 0)
      await this.tx.$executeRaw`
        UPDATE face_visits SET is_pending = true
        WHERE tenant_id = ${tenantId} AND track_id = ANY(${[...trackIds]}::text[])
          AND person_id IS NULL AND decided_by IS NULL`;
  }

  /** Writes what was judged; `groupIds`: groups that won or lost a visit. */
  async save(change: {
    visits: readonly FaceVisitRow[];
    newGroups: readonly NewGroup[];
    groupIds: readonly string[];
  }): Promise<void> {
    await insertGroups(this.tx, change.newGroups);
    await saveVisits(this.tx, change.visits);
    await settleGroups(this.tx, change.groupIds);
  }

  async advance(sequence: bigint): Promise<void> {
    if (sequence !== this.sequence)
      await this.tx.$executeRaw`UPDATE recognition SET sequence = ${sequence} WHERE task = 'events'`;
  }
}

/** The recogniser's way through the events. */
export class RecognitionRepository {
  constructor(private readonly database: Database) {}

  /** One transaction, in which no other replica recognises; `null` while another one does. */
  round<Result>(work: (round: RecognitionRound) => Promise<Result>): Promise<Result | null> {
    return recogniseAlone(this.database, (tx, sequence) => work(new RecognitionRound(tx, sequence)));
  }

  /**
   * Forgets what was deleted more than a day ago: every replica has followed, or reads all when it starts. Erased tracks
   * are kept for a week: an outbox may hold some of them for so long.
   */
  async forgetTombstones(): Promise<void> {
    await this.database.prisma.$executeRaw`
      DELETE FROM vector_tombstones WHERE deleted_at < now() - interval '1 day'`;
    await this.database.prisma.$executeRaw`
      DELETE FROM erased_tracks WHERE erased_at < now() - interval '7 days'`;
  }
}
