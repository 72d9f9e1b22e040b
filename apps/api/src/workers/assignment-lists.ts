import { HANDOVER_SHARE_OF_LEASE, type HeldCamera, WorkersRepository } from '@camfleet/database';
import { Assignment } from '@camfleet/protocol';
import { Inject, Injectable } from '@nestjs/common';
import { API_OPTIONS, type ApiOptions } from '../core/api-options';
import { Gathering } from '../core/gathering';
import { SecretBox } from '../core/secret-box';

/** Workers whose lists are read in one query. */
const LISTS_AT_ONCE = 50;

interface Asked {
  revision: number;
  list: Promise<Assignment[]>;
}

/** What each worker should run. */
@Injectable()
export class AssignmentLists {
  /**
   * One list a worker at most, for one lease at most: one that came too late for its heartbeat is there for the
   * next, so that a herd that asks for more lists than can be made in time gets them all in the end.
   */
  private readonly asked = new Map<string, Asked>();
  private readonly reading = new Gathering((workerIds: string[]) => this.read(workerIds), {
    maxItems: LISTS_AT_ONCE,
  });

  constructor(
    private readonly workers: WorkersRepository,
    private readonly secrets: SecretBox,
    @Inject(API_OPTIONS) private readonly options: ApiOptions,
  ) {}

  /** The list of a revision, or a newer one. */
  of(workerId: string, revision: number): Promise<Assignment[]> {
    const known = this.asked.get(workerId);
    if (known?.revision === revision) return known.list;
    const asked = { revision, list: this.reading.do(workerId) };
    this.asked.set(workerId, asked);
    const forget = () => {
      if (this.asked.get(workerId) === asked) this.asked.delete(workerId);
    };
    asked.list.catch(forget);
    setTimeout(forget, this.options.config.leaseTtlMs).unref();
    return asked.list;
  }

  /** The worker has its list. */
  forget(workerId: string): void {
    this.asked.delete(workerId);
  }

  private async read(workerIds: string[]): Promise<Assignment[][]> {
    const lists = new Map(workerIds.map((id) => [id, new Array<Assignment>()]));
    for (const row of await this.workers.held(workerIds))
      lists.get(row.workerId)?.push(this.toAssignment(row));
    return workerIds.map((id) => lists.get(id) ?? []);
  }

  private handoverEnd(beganAt: Date): string {
    const lastsMs = this.options.config.leaseTtlMs * HANDOVER_SHARE_OF_LEASE;
    return new Date(beganAt.getTime() + lastsMs).toISOString();
  }

  private toAssignment(row: HeldCamera): Assignment {
    return Assignment.parse({
      cameraId: row.cameraId,
      epoch: row.epoch,
      desired: DESIRED[row.state] ?? 'running',
      handoverEndsAt: row.handoverBeganAt ? this.handoverEnd(row.handoverBeganAt) : undefined,
      source: {
        ...(row.sourceOptions as object),
        url: row.sourceSealedUrl === null ? row.sourceUrl : this.secrets.open(row.sourceSealedUrl),
        username: row.sourceUsername ?? undefined,
        password: row.sourcePassword === null ? undefined : this.secrets.open(row.sourcePassword),
      },
      analysis: row.analysis,
      zones: row.zones,
      output: row.output,
    });
  }
}

/** What a worker is told to do with an assignment in each state it may hold. */
const DESIRED: Readonly<Record<string, Assignment['desired']>> = {
  assigned: 'running',
  running: 'running',
  standby: 'standby',
  releasing: 'releasing',
};
