import { CamfleetError } from '@camfleet/domain';
import { type PersonFaceRow, PersonFacesRepository } from '@camfleet/database';
import type { EnrolledFace, Page, PageQuery, PersonFace } from '@camfleet/protocol';
import { AssetStore } from '@camfleet/storage';
import { Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { AssetStaging } from '../../assets/asset-staging';
import { AssetSweeper } from '../../assets/asset-sweeper';
import { PeopleService, personNotFound } from '../people.service';
import { pictureUrl } from '../person-view';
import { EnrolmentChecks } from './enrolment-checks.service';
import { FaceReader } from './face-reader.service';
import { faceOfPhoto, largest, type SeenFace } from './seen-face';

/** Where the picture of a face that was enrolled lies. */
export function cropKey(tenantId: string, faceId: string): string {
  return `people/${encodeURIComponent(tenantId)}/${faceId}.jpg`;
}

interface Enrolment {
  personId: string;
  /** Insists on all but `NO_FACE`. */
  force: boolean;
}

/** A face, and what is asked before it is kept. */
interface Keeping {
  personId: string;
  face: SeenFace;
  isByWord?: boolean;
  check?: () => Promise<void>;
}

/** The faces that people are known by. */
@Injectable()
export class EnrolmentService {
  constructor(
    private readonly people: PeopleService,
    private readonly faces: PersonFacesRepository,
    private readonly reader: FaceReader,
    private readonly checks: EnrolmentChecks,
    private readonly assets: AssetStore,
    private readonly staging: AssetStaging,
    private readonly sweeper: AssetSweeper,
  ) {}

  async list(tenantId: string, personId: string, page: PageQuery): Promise<Page<PersonFace>> {
    await this.people.view(tenantId, personId);
    const { items, nextCursor } = await this.faces.list(tenantId, personId, page);
    return { items: items.map(toFaceView), nextCursor };
  }

  async fromPhoto(tenantId: string, photo: Buffer, enrolment: Enrolment): Promise<EnrolledFace> {
    await this.people.view(tenantId, enrolment.personId);
    const faces = await this.reader.onPhoto(tenantId, photo);
    const face = largest(faces);
    if (!face) throw new CamfleetError('NO_FACE', 'There is no face on this photo.');
    if (faces.length > 1 && !enrolment.force) {
      // On a tiny photo a smudge is a face as well: what is wrong with it is its size.
      this.checks.checkSize(face.quality);
      throw new CamfleetError('SEVERAL_FACES', 'There are several faces on this photo.', {
        details: { boxes: faces.map(({ box }) => box) },
      });
    }
    return this.enrol(tenantId, { ...enrolment, face: faceOfPhoto(face) });
  }

  async fromEvent(tenantId: string, eventId: string, enrolment: Enrolment): Promise<EnrolledFace> {
    await this.people.view(tenantId, enrolment.personId);
    return this.enrol(tenantId, { ...enrolment, face: await this.reader.ofEvent(tenantId, eventId) });
  }

  /** The JPEG. Throws `FACE_NOT_FOUND`, `SNAPSHOT_NOT_FOUND`. */
  async picture(tenantId: string, personId: string, faceId: string): Promise<Buffer> {
    const face = await this.faces.find(tenantId, personId, faceId);
    if (!face) throw faceNotFound();
    const jpeg = face.cropKey && (await this.assets.get(face.cropKey));
    if (!jpeg) throw new CamfleetError('SNAPSHOT_NOT_FOUND', 'This face has no picture.');
    return jpeg;
  }

  async remove(tenantId: string, personId: string, faceId: string): Promise<void> {
    const face = await this.faces.delete(tenantId, personId, faceId);
    if (!face) throw faceNotFound();
    if (face.cropKey) await this.sweeper.remove([face.cropKey]);
  }

  private enrol(
    tenantId: string,
    { personId, face, force }: Enrolment & { face: SeenFace },
  ): Promise<EnrolledFace> {
    const check = () => this.checks.check(tenantId, { personId, face });
    return this.keep(tenantId, { personId, face, ...(!force && { check }) });
  }

  async keep(tenantId: string, { personId, face, isByWord, check }: Keeping): Promise<EnrolledFace> {
    const { crop, quality, ...rest } = face;
    const id = randomUUID();
    const key = crop && cropKey(tenantId, id);
    if (crop && key) await this.staging.stage([{ key, content: crop }]);
    let faceId: string | null = null;
    try {
      const kept = { ...rest, id, tenantId, personId, quality, cropKey: key, isByWord };
      faceId = await this.faces.add(kept, async () => check?.());
    } finally {
      if (faceId === null && key) await this.sweeper.remove([key]);
    }
    if (faceId === null) throw personNotFound();
    return { faceId, quality };
  }
}

function toFaceView(row: PersonFaceRow): PersonFace {
  const { id, personId, model, modelVersion, isNegative } = row;
  return {
    ...{ id, personId, model, modelVersion, isNegative },
    quality: { ...(typeof row.quality === 'object' && row.quality) },
    eventId: row.eventId ?? undefined,
    pictureUrl: row.cropKey === null ? undefined : pictureUrl(personId, id),
    createdAt: row.createdAt.toISOString(),
  };
}

function faceNotFound(): CamfleetError {
  return new CamfleetError('FACE_NOT_FOUND', 'This person has no such face.');
}
