import type { ChangedFace } from '@camfleet/database';
import type { Space } from './space';

type Face = Omit<ChangedFace, 'embedding'>;

/** Who has a face of their own, without the vectors. */
export class EnrolledPeople {
  /** Of each face the space and the person. */
  private readonly faces = new Map<string, { space: string; personId: string }>();
  /** Of each space how many faces each person has. */
  private readonly people = new Map<string, Map<string, number>>();

  /** A face that was said not to be theirs makes nobody known. */
  put(rows: readonly Face[]): void {
    for (const { id, personId, isNegative, ...of } of rows) {
      this.remove(id);
      if (isNegative) continue;
      const space = keyOf(of);
      this.faces.set(id, { space, personId });
      this.add(space, personId, 1);
    }
  }

  remove(faceId: string): void {
    const face = this.faces.get(faceId);
    if (!face) return;
    this.faces.delete(faceId);
    this.add(face.space, face.personId, -1);
  }

  clear(): void {
    this.faces.clear();
    this.people.clear();
  }

  count(space: Space): number {
    return this.people.get(keyOf(space))?.size ?? 0;
  }

  private add(space: string, personId: string, faces: number): void {
    const counts = this.people.get(space) ?? new Map<string, number>();
    this.people.set(space, counts);
    const count = (counts.get(personId) ?? 0) + faces;
    if (count > 0) counts.set(personId, count);
    else counts.delete(personId);
  }
}

function keyOf({ tenantId, model, modelVersion }: Pick<Face, 'tenantId' | 'model' | 'modelVersion'>): string {
  return JSON.stringify([tenantId, model, modelVersion]);
}
