import type { ChangedFace, ChangedGroup, ChangedVisit, Database, Tombstone } from '@camfleet/database';
import {
  ExactFaceIndex,
  type FaceEntry,
  type FaceHit,
  type FaceIndex,
  FaceIndexError,
  type FaceKey,
  PgvectorFaceIndex,
} from '@camfleet/face-index';
import { ConcurrencyLimit } from '../../core/concurrency-limit';

/** Searches under way; others wait. The exact index refuses what waits beyond 64 calls. */
const SEARCHES_AT_ONCE = 16;
/** What a vector cannot be found by, or compared with; it is left out, and the others are not. */
const UNFIT: readonly string[] = ['FACE_VECTOR_INVALID', 'FACE_DIMENSIONS_MISMATCH'];

const KINDS = { person_faces: 'person', face_visits: 'visit', unknown_groups: 'group' } as const;

/** The face index of a replica: the database's own where it has one, else one in memory that is to be filled. */
export class VectorIndex {
  private readonly searches = new ConcurrencyLimit(SEARCHES_AT_ONCE);

  private constructor(
    private readonly index: FaceIndex,
    private readonly memory: ExactFaceIndex | null,
  ) {}

  static async open(database: Database): Promise<VectorIndex> {
    if (await database.hasVectorSearch())
      return new VectorIndex(new PgvectorFaceIndex((work) => database.transaction(work)), null);
    const memory = await ExactFaceIndex.open();
    return new VectorIndex(memory, memory);
  }

  /** Whether it must be told of what changed. */
  get isInMemory(): boolean {
    return this.memory !== null;
  }

  /** Calls when the index in memory broke: another one is to be opened and filled. */
  onBroken(listener: () => void): void {
    void this.memory?.ended.then(({ code }) => {
      if (code !== 'FACE_INDEX_CLOSED') listener();
    });
  }

  /** Best first; nothing for a vector that nothing can be compared with. */
  search(query: Parameters<FaceIndex['search']>[0]): Promise<FaceHit[]> {
    return this.searches.run(() =>
      this.index.search(query).catch((error: unknown) => (isUnfit(error) ? [] : fail(error))),
    );
  }

  async putFaces(rows: readonly ChangedFace[]): Promise<void> {
    await this.put(
      rows.map((row) => ({
        ...entryOf(row),
        kind: 'person',
        ownerId: row.personId,
        isNegative: row.isNegative,
      })),
    );
  }

  async putGroups(rows: readonly ChangedGroup[]): Promise<void> {
    await this.put(rows.map((row) => ({ ...entryOf(row), kind: 'group' })));
  }

  async putVisits(rows: readonly ChangedVisit[]): Promise<void> {
    await this.put(
      rows.map((row) => ({
        ...entryOf(row),
        kind: 'visit',
        ownerId: row.personId,
        cameraId: row.cameraId,
        atMs: row.lastAt.getTime(),
      })),
    );
  }

  async remove(rows: readonly Tombstone[]): Promise<void> {
    const keys = rows.flatMap(({ kind, tenantId, id }): FaceKey[] =>
      kind === 'people' ? [] : [{ kind: KINDS[kind], tenantId, id }],
    );
    if (keys.length > 0) await this.memory?.remove(keys);
  }

  close(): Promise<void> {
    return this.index.close();
  }

  private async put(entries: readonly FaceEntry[]): Promise<void> {
    if (!this.memory) return;
    const gone = entries.filter(({ vector }) => vector.length === 0);
    if (gone.length > 0) await this.memory.remove(gone);
    const found = entries.filter(({ vector }) => vector.length > 0);
    try {
      await this.memory.upsert(found);
    } catch (error) {
      if (!isUnfit(error)) throw error;
      for (const entry of found) await this.putOne(this.memory, entry);
    }
  }

  /** One that cannot be compared is not there. */
  private async putOne(memory: ExactFaceIndex, entry: FaceEntry): Promise<void> {
    try {
      await memory.upsert([entry]);
    } catch (error) {
      if (!isUnfit(error)) throw error;
      await memory.remove([entry]);
    }
  }
}

function entryOf({ tenantId, id, model, modelVersion, embedding }: ChangedGroup) {
  return { tenantId, id, model: model ?? '', version: modelVersion ?? '', vector: embedding };
}

function isUnfit(error: unknown): boolean {
  return error instanceof FaceIndexError && UNFIT.includes(error.code);
}

function fail(error: unknown): never {
  throw error;
}
