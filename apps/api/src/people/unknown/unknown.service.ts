import { CamfleetError } from '@camfleet/domain';
import {
  FaceVisitsRepository,
  type GroupVisitRow,
  type UnknownGroupRow,
  UnknownGroupsRepository,
} from '@camfleet/database';
import type {
  NameGroupRequest,
  Page,
  Person,
  UnknownGroup,
  UnknownListQuery,
  UpdateGroupRequest,
} from '@camfleet/protocol';
import { DiskAssetStore } from '@camfleet/storage';
import { Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { AssetStaging } from '../../assets/asset-staging';
import { AssetSweeper } from '../../assets/asset-sweeper';
import { cropKey } from '../enrolment/enrolment.service';
import { EnrolmentChecks } from '../enrolment/enrolment-checks.service';
import { faceOfVisit } from '../enrolment/seen-face';
import { PeopleService } from '../people.service';
import { snapshotUrl } from '../person-view';

/** Visits of each group that its list shows. */
const SHOWN_VISITS = 6;
/** Of a group that is named, so many of the best faces are looked at, and so many enrolled. */
const FACES_LOOKED_AT = 12;
const FACES_ENROLLED = 3;

/** People whom nobody knows yet. */
@Injectable()
export class UnknownService {
  constructor(
    private readonly groups: UnknownGroupsRepository,
    private readonly visits: FaceVisitsRepository,
    private readonly people: PeopleService,
    private readonly checks: EnrolmentChecks,
    private readonly assets: DiskAssetStore,
    private readonly staging: AssetStaging,
    private readonly sweeper: AssetSweeper,
  ) {}

  async list(tenantId: string, query: UnknownListQuery): Promise<Page<UnknownGroup>> {
    const { items, nextCursor } = await this.groups.list(tenantId, query);
    const visits = await this.groups.bestVisits(
      items.map(({ id }) => id),
      SHOWN_VISITS,
    );
    return { items: items.map((group) => toGroup(group, visits)), nextCursor };
  }

  /** Throws `GROUP_NOT_FOUND`. */
  async update(tenantId: string, groupId: string, { dismissed }: UpdateGroupRequest): Promise<void> {
    if (!(await this.groups.setDismissed(tenantId, groupId, dismissed))) throw groupNotFound();
  }

  /**
   * The group's visits become the person's, who from then on is known by the best of its faces that are fit for it.
   * Throws `GROUP_NOT_FOUND`, `PERSON_NOT_FOUND`.
   */
  async name(tenantId: string, groupId: string, request: NameGroupRequest): Promise<Person> {
    const { name } = request;
    const personId = request.personId ?? null;
    if (personId !== null) await this.people.view(tenantId, personId);
    if (!(await this.groups.exists(tenantId, groupId))) throw groupNotFound();
    const faces = await this.fitFaces(tenantId, { groupId, personId });
    const named = await this.groups.name(tenantId, { groupId, name, personId, faces });
    if (named !== null) return this.people.view(tenantId, named);
    await this.sweeper.remove(faces.flatMap(({ cropKey: key }) => key ?? []));
    if (personId !== null) await this.people.view(tenantId, personId);
    throw groupNotFound();
  }

  /** With their pictures kept: the events' own may be deleted by retention. */
  private async fitFaces(tenantId: string, subject: { groupId: string; personId: string | null }) {
    const fit = [];
    for (const visit of await this.visits.facesOfGroup(tenantId, subject.groupId, FACES_LOOKED_AT)) {
      if (fit.length === FACES_ENROLLED) break;
      const face = faceOfVisit(
        visit,
        visit.snapshotKey === null ? null : await this.assets.get(visit.snapshotKey),
      );
      if (!(await this.checks.isFit(tenantId, { personId: subject.personId, face }))) continue;
      const { crop, ...rest } = face;
      const id = randomUUID();
      const key = crop && cropKey(tenantId, id);
      if (crop && key) await this.staging.stage([{ key, content: crop }]);
      fit.push({ ...rest, id, cropKey: key });
    }
    return fit;
  }
}

function toGroup(group: UnknownGroupRow, visits: readonly GroupVisitRow[]): UnknownGroup {
  return {
    id: group.id,
    visits: group.visits,
    firstSeenAt: group.firstSeenAt.toISOString(),
    lastSeenAt: group.lastSeenAt.toISOString(),
    createdAt: group.createdAt.toISOString(),
    best: visits
      .filter(({ groupId }) => groupId === group.id)
      .map(({ trackId, eventId, cameraId, quality, ...visit }) => ({
        ...{ trackId, quality },
        eventId: eventId ?? undefined,
        cameraId: cameraId ?? undefined,
        firstAt: visit.firstAt.toISOString(),
        lastAt: visit.lastAt.toISOString(),
        snapshotUrl: eventId !== null && visit.hasSnapshot ? snapshotUrl(eventId) : undefined,
      })),
  };
}

function groupNotFound(): CamfleetError {
  return new CamfleetError('GROUP_NOT_FOUND', 'There is no such group of unknown visits.');
}
