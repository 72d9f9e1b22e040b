import {
  type ChangedFace,
  type ChangedPerson,
  type ChangedVisit,
  type ChangeTaker,
  LibraryChangesRepository,
  type Tombstone,
} from '@camfleet/database';
import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { API_OPTIONS, type ApiOptions } from '../../core/api-options';
import { ChangeFeed } from '../../core/change-feed';
import { Shelf } from './shelf';

/** Whom a visit shows, as this replica has come to know. */
export interface VisitChange {
  tenantId: string;
  trackId: string;
  cameraId: string | null;
  personId: string | null;
  personName: string | null;
  personScore: number | null;
}

type Group = Parameters<ChangeTaker['groups']>[0][number];

/**
 * All people, faces, visits and groups of this replica's database, in memory: about 2 KB for each vector of 512
 * numbers. Follows the database within a notification's time, and polls each second besides.
 */
@Injectable()
export class FaceLibrary implements OnApplicationBootstrap {
  readonly faces = new Shelf<ChangedFace>();
  readonly groups = new Shelf<Group>();
  readonly visits = new Shelf<ChangedVisit>();
  private readonly names = new Map<string, ChangedPerson>();
  private since: string | null = null;
  private reading?: Promise<void>;
  private next?: Promise<void>;
  private readonly visitListeners = new Set<(changes: readonly VisitChange[]) => void>();
  private readonly nameListeners = new Set<(people: readonly ChangedPerson[]) => void>();

  constructor(
    private readonly repository: LibraryChangesRepository,
    private readonly changes: ChangeFeed,
    @Inject(API_OPTIONS) private readonly options: ApiOptions,
  ) {}

  onApplicationBootstrap(): void {
    const follow = () =>
      void this.follow().catch((err: unknown) => this.options.logger.warn({ err }, 'face_library.failed'));
    this.changes.on('people', follow);
    follow();
  }

  nameOf(personId: string): string | undefined {
    return this.names.get(personId)?.name;
  }

  /** How many people a tenant has. */
  countPeople(tenantId: string): number {
    let count = 0;
    for (const person of this.names.values()) if (person.tenantId === tenantId) count += 1;
    return count;
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

  private async read(): Promise<void> {
    const isFirst = this.since === null;
    const renamed: ChangedPerson[] = [];
    const changed: VisitChange[] = [];
    this.since = await this.repository.read(this.since, {
      deleted: (rows) => {
        for (const row of rows) this.forget(row);
      },
      people: (rows) => {
        for (const row of rows) {
          if (this.nameOf(row.id) !== row.name) renamed.push(row);
          this.names.set(row.id, row);
        }
      },
      faces: (rows) => {
        for (const row of rows) this.faces.put(row);
      },
      groups: (rows) => {
        for (const row of rows) this.groups.put(row);
      },
      visits: (rows) => {
        for (const row of rows) {
          const before = this.visits.put(row);
          if (!isFirst && !isAlike(before, row)) changed.push(this.toChange(row));
        }
      },
    });
    if (renamed.length > 0 && !isFirst) for (const listener of this.nameListeners) listener(renamed);
    if (changed.length > 0) for (const listener of this.visitListeners) listener(changed);
  }

  private forget({ kind, tenantId, id }: Tombstone): void {
    if (kind === 'people') this.names.delete(id);
    if (kind === 'person_faces') this.faces.delete(tenantId, id);
    if (kind === 'unknown_groups') this.groups.delete(tenantId, id);
    if (kind === 'face_visits') this.visits.delete(tenantId, id);
  }

  private toChange({ tenantId, id, cameraId, personId, personScore }: ChangedVisit): VisitChange {
    const personName = personId === null ? null : (this.nameOf(personId) ?? null);
    return {
      tenantId,
      trackId: id,
      cameraId,
      personId,
      personName,
      personScore: personId === null ? null : personScore,
    };
  }
}

/** A visit that was not known shows nobody. */
function isAlike(before: Omit<ChangedVisit, 'embedding'> | undefined, after: ChangedVisit): boolean {
  const { personId = null, personScore = null } = before ?? {};
  return personId === after.personId && (personId === null || personScore === after.personScore);
}
