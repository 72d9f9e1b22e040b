import {
  type ChangedPerson,
  type ChangedVisit,
  Database,
  LibraryChangesRepository,
  type Tombstone,
} from '@camfleet/database';
import type { FaceHit } from '@camfleet/face-index';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { API_OPTIONS, type ApiOptions } from '../../core/api-options';
import { ChangeFeed } from '../../core/change-feed';
import { EnrolledPeople } from './enrolled-people';
import type { Space } from './space';
import { VectorIndex } from './vector-index';

/** Whom a visit shows, as this replica has come to know. */
interface VisitIdentity {
  personId: string | null;
  personName: string | null;
  personScore: number | null;
}

export interface VisitChange extends VisitIdentity {
  tenantId: string;
  trackId: string;
  cameraId: string | null;
}

/** Tombstones are kept for a day. */
const FORGOTTEN_MS = 20 * 3_600_000;

/** A visit without its vector. */
export type KnownVisit = Omit<ChangedVisit, 'embedding'> & { embedding?: undefined };

/** What is asked of the library: within one space. */
export interface LookQuery {
  kind: 'person' | 'visit' | 'group';
  vector: Float32Array;
  limit: number;
  minScore?: number;
  /** Of visits, by the time when they were last seen; Unix ms. */
  fromMs?: number;
  toMs?: number;
  cameraId?: string;
  /** Of visits: only those of nobody. */
  unowned?: boolean;
}

/**
 * All people and visits of this replica's database in memory, and the index of what they look like. Follows the
 * database within a notification's time, and polls now and then besides.
 */
@Injectable()
export class FaceLibrary implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly names = new Map<string, ChangedPerson>();
  private readonly enrolled = new EnrolledPeople();
  private readonly visits = new Map<string, KnownVisit>();
  private index?: VectorIndex;
  private since: string | null = null;
  private readAtMs = performance.now();
  private reading?: Promise<void>;
  private next?: Promise<void>;
  private isStopped = false;
  /** What was read and not told: a read that fails half-way is told with the next one. */
  private untold: { renamed: ChangedPerson[]; changed: VisitChange[] } = { renamed: [], changed: [] };
  private readonly visitListeners = new Set<(changes: readonly VisitChange[]) => void>();
  private readonly nameListeners = new Set<(people: readonly ChangedPerson[]) => void>();
  private readonly loadListeners = new Set<() => void>();

  constructor(
    private readonly database: Database,
    private readonly repository: LibraryChangesRepository,
    private readonly changes: ChangeFeed,
    @Inject(API_OPTIONS) private readonly options: ApiOptions,
  ) {}

  onApplicationBootstrap(): void {
    this.changes.on('people', () => this.followSoon());
    this.followSoon();
  }

  async onApplicationShutdown(): Promise<void> {
    this.isStopped = true;
    await this.reading?.catch(() => undefined);
    await this.index?.close();
  }

  nameOf(personId: string): string | undefined {
    return this.names.get(personId)?.name;
  }

  visit(tenantId: string, trackId: string): KnownVisit | undefined {
    return this.visits.get(keyOf(tenantId, trackId));
  }

  /** Whom a visit shows: nobody, as long as nothing is known of it. `undefined` while not everything was read yet. */
  identityOf(tenantId: string, trackId: string): VisitIdentity | undefined {
    if (this.since === null) return undefined;
    return this.toIdentity(this.visit(tenantId, trackId));
  }

  /** How many people a face of the space may be taken for: those who have a face of their own in it. */
  countPeople(space: Space): number {
    return this.enrolled.count(space);
  }

  /** The nearest of a space, best first; of people each once, by their nearest face. */
  async nearest({ tenantId, model, modelVersion }: Space, query: LookQuery): Promise<FaceHit[]> {
    if (!this.index) await this.follow();
    return (await this.index?.search({ ...query, tenantId, model, version: modelVersion })) ?? [];
  }

  /** Called with visits whose person, or the score, is another now. Answers what ends it. */
  onVisits(listener: (changes: readonly VisitChange[]) => void): () => void {
    this.visitListeners.add(listener);
    return () => void this.visitListeners.delete(listener);
  }

  /** Called with people who bear another name now. */
  onNames(listener: (people: readonly ChangedPerson[]) => void): () => void {
    this.nameListeners.add(listener);
    return () => void this.nameListeners.delete(listener);
  }

  /** Called after everything was read, of which no other listener is told. Answers what ends it. */
  onLoaded(listener: () => void): () => void {
    this.loadListeners.add(listener);
    return () => void this.loadListeners.delete(listener);
  }

  /** When it resolves, everything is known that was committed before the call. */
  follow(): Promise<void> {
    if (!this.reading) {
      this.reading = this.read().finally(() => (this.reading = undefined));
      return this.reading;
    }
    // The read under way may have passed what the caller waits for: one more follows it, for all who ask meanwhile.
    this.next ??= this.reading
      .catch(() => undefined)
      .then(() => {
        this.next = undefined;
        return this.follow();
      });
    return this.next;
  }

  private followSoon(): void {
    this.follow().catch((err: unknown) => {
      if (!this.isStopped) this.options.logger.warn({ err }, 'face_library.failed');
    });
  }

  private async read(): Promise<void> {
    if (this.isStopped) return;
    if (performance.now() - this.readAtMs > FORGOTTEN_MS) await this.beginAnew();
    const index = (this.index ??= await this.openIndex());
    const isFirst = this.since === null;
    if (isFirst) {
      // A read of everything is not told of what was deleted: who is gone would stay.
      this.names.clear();
      this.enrolled.clear();
      this.visits.clear();
    }
    const { renamed, changed } = this.untold;
    const since = await this.repository.read(
      this.since,
      {
        deleted: async (rows) => {
          for (const row of rows) changed.push(...this.forget(row));
          await index.remove(rows);
        },
        people: (rows) => {
          for (const row of rows) {
            if (this.nameOf(row.id) !== row.name) renamed.push(row);
            this.names.set(row.id, row);
          }
        },
        faces: (rows) => {
          this.enrolled.put(rows);
          return index.putFaces(rows);
        },
        groups: (rows) => index.putGroups(rows),
        visits: async (rows) => {
          await index.putVisits(rows);
          for (const row of rows) {
            const before = this.keep(row);
            if (!isAlike(before, row)) changed.push(this.toChange(row));
          }
        },
      },
      { vectors: index.isInMemory },
    );
    // An index that broke meanwhile is filled from the beginning.
    if (this.index === index) this.since = since;
    this.readAtMs = performance.now();
    this.untold = { renamed: [], changed: [] };
    if (isFirst) {
      for (const listener of this.loadListeners) listener();
      return;
    }
    if (renamed.length > 0) for (const listener of this.nameListeners) listener(renamed);
    if (changed.length > 0) for (const listener of this.visitListeners) listener(changed);
  }

  /** Away for so long, it may have missed what was deleted. */
  private async beginAnew(): Promise<void> {
    await this.index?.close();
    this.index = undefined;
    this.since = null;
  }

  private async openIndex(): Promise<VectorIndex> {
    const index = await VectorIndex.open(this.database);
    index.onBroken(() => {
      this.options.logger.error('face_library.index_broke');
      if (this.index !== index) return;
      this.index = undefined;
      this.since = null;
      this.followSoon();
    });
    return index;
  }

  /** Answers what was known of it. */
  private keep(visit: ChangedVisit): KnownVisit | undefined {
    const key = keyOf(visit.tenantId, visit.id);
    const before = this.visits.get(key);
    // The vector is the index's: a copy here would double the memory.
    this.visits.set(key, { ...visit, embedding: undefined });
    return before;
  }

  /** Answers the visit that shows nobody any more. */
  private forget({ kind, tenantId, id }: Tombstone): VisitChange[] {
    if (kind === 'people') this.names.delete(id);
    if (kind === 'person_faces') this.enrolled.remove(id);
    const visit = kind === 'face_visits' ? this.visit(tenantId, id) : undefined;
    if (!visit) return [];
    this.visits.delete(keyOf(tenantId, id));
    return visit.personId === null ? [] : [this.toChange({ ...visit, personId: null })];
  }

  private toChange(visit: KnownVisit | ChangedVisit): VisitChange {
    const { tenantId, id, cameraId } = visit;
    return { tenantId, trackId: id, cameraId, ...this.toIdentity(visit) };
  }

  private toIdentity({ personId = null, personScore = null }: Partial<Identity> = {}): VisitIdentity {
    if (personId === null) return { personId, personName: null, personScore: null };
    return { personId, personName: this.nameOf(personId) ?? null, personScore };
  }
}

const keyOf = (tenantId: string, trackId: string) => JSON.stringify([tenantId, trackId]);

type Identity = Pick<ChangedVisit, 'personId' | 'personScore'>;

/** A visit that was not known shows nobody. */
function isAlike(before: KnownVisit | undefined, after: Identity): boolean {
  const { personId = null, personScore = null } = before ?? {};
  return personId === after.personId && (personId === null || personScore === after.personScore);
}
