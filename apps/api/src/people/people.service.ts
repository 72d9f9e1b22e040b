import { CamfleetError } from '@camfleet/domain';
import { PeopleRepository } from '@camfleet/database';
import type {
  CreatePersonRequest,
  Page,
  Person,
  PersonListQuery,
  SplitRequest,
  UpdatePersonRequest,
} from '@camfleet/protocol';
import { Injectable } from '@nestjs/common';
import { AssetSweeper } from '../assets/asset-sweeper';
import { Recogniser } from './recognition/recogniser';
import { toPerson } from './person-view';

/** Known people. */
@Injectable()
export class PeopleService {
  constructor(
    private readonly people: PeopleRepository,
    private readonly recogniser: Recogniser,
    private readonly sweeper: AssetSweeper,
  ) {}

  async create(tenantId: string, request: CreatePersonRequest): Promise<Person> {
    return toPerson(await this.people.create(tenantId, request));
  }

  async list(tenantId: string, query: PersonListQuery): Promise<Page<Person>> {
    const { items, nextCursor } = await this.people.list(tenantId, query);
    return { items: items.map(toPerson), nextCursor };
  }

  /** Throws `PERSON_NOT_FOUND`, also for another tenant's. */
  async view(tenantId: string, id: string): Promise<Person> {
    const row = await this.people.find(tenantId, id);
    if (!row) throw personNotFound();
    return toPerson(row);
  }

  async update(tenantId: string, id: string, request: UpdatePersonRequest): Promise<Person> {
    const row = await this.people.update(tenantId, id, request);
    if (!row) throw personNotFound();
    return toPerson(row);
  }

  async merge(tenantId: string, id: string, fromId: string): Promise<Person> {
    if (id === fromId)
      throw new CamfleetError('VALIDATION_FAILED', 'fromId: a person cannot be merged into themselves.');
    if (!(await this.people.merge(tenantId, { id, fromId }))) throw personNotFound();
    return this.view(tenantId, id);
  }

  async split(tenantId: string, id: string, request: SplitRequest): Promise<Person> {
    await this.view(tenantId, id);
    const newId = await this.people.split(tenantId, { id, ...request });
    if (newId === null) throw new CamfleetError('FACE_NOT_FOUND', 'The person has not all of these faces.');
    return this.view(tenantId, newId);
  }

  /** With `erase` every embedding and picture of theirs goes; the files before the answer. */
  async delete(tenantId: string, id: string, { erase }: { erase: boolean }): Promise<void> {
    // What was seen of them and not recognised yet would come back as somebody unknown.
    if (erase) await this.recogniser.settle();
    const deleted = await this.people.delete(tenantId, id, { erase });
    if (!deleted) throw personNotFound();
    await this.sweeper.remove(deleted.assetKeys);
  }
}

export function personNotFound(): CamfleetError {
  return new CamfleetError('PERSON_NOT_FOUND', 'There is no such person.');
}
