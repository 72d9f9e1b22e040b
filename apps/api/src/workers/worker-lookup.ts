import { type WorkerStanding, WorkersRepository } from '@camfleet/database';
import { Injectable } from '@nestjs/common';
import { Gathering } from '../core/gathering';

const LOOKUPS_AT_ONCE = 500;

/** Who registered under an id; a herd that asks at once costs one query. */
@Injectable()
export class WorkerLookup {
  private readonly lookups = new Gathering(
    async (ids: string[]) => {
      const standing = await this.workers.standing(ids);
      return ids.map((id) => standing.get(id) ?? null);
    },
    { maxItems: LOOKUPS_AT_ONCE },
  );

  constructor(private readonly workers: WorkersRepository) {}

  find(id: string): Promise<WorkerStanding | null> {
    return this.lookups.do(id);
  }
}
