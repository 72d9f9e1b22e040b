import { cosine } from '@camfleet/domain';
import type { FaceVisitRow, NewGroup } from '@camfleet/database';
import { randomUUID } from 'node:crypto';
import type { FaceLibrary } from '../library/face-library';
import type { Space } from '../library/space';
import { type Thresholds, candidates, judge } from './judgement';
import type { ScoresService } from './scores.service';

/** What the judging of one round changes. */
export interface Outcome {
  visits: FaceVisitRow[];
  newGroups: NewGroup[];
  /** Groups that won or lost a visit. */
  groupIds: string[];
}

/** Judges the visits of one round, by a library that stands still. */
export class JudgingRound {
  private readonly newGroups: NewGroup[] = [];
  private readonly touched = new Set<string>();
  private readonly thresholds = new Map<string, Thresholds | null>();
  /** As this round has it by now: two who are alone must not change places. */
  private readonly groupSizes: Map<string, number>;

  constructor(
    private readonly library: Pick<FaceLibrary, 'nearest'>,
    private readonly scores: Pick<ScoresService, 'resemblances' | 'thresholds'>,
    /** How many visits each group had before; of the groups that this round's visits are in. */
    groupSizes: ReadonlyMap<string, number>,
  ) {
    this.groupSizes = new Map(groupSizes);
  }

  async judgeAll(visits: readonly FaceVisitRow[]): Promise<Outcome> {
    const judged: FaceVisitRow[] = [];
    for (const visit of visits) judged.push(await this.judge(visit));
    return { visits: judged, newGroups: this.newGroups, groupIds: [...this.touched] };
  }

  /** Visits of nobody known that resemble a face. */
  async lookBack(face: Space & { embedding: Float32Array }, limit: number): Promise<string[]> {
    const thresholds = await this.thresholdsOf(face);
    if (!thresholds) return [];
    const found = await this.library.nearest(face, {
      kind: 'visit',
      vector: face.embedding,
      limit,
      minScore: thresholds.person,
      unowned: true,
    });
    return found.map(({ id }) => id);
  }

  private async judge(visit: FaceVisitRow): Promise<FaceVisitRow> {
    const after = { ...visit, isPending: false };
    const space = spaceOf(visit);
    // A user's word stands.
    if (visit.decidedBy === 'user' || !space) return after;
    const thresholds = await this.thresholdsOf(space);
    if (!thresholds) return after;
    const { person, margin } = thresholds;
    const near = await this.scores.resemblances(space, visit.embedding, person - margin);
    if (visit.personId !== null && !visit.isPending) {
      // Once given, a name stays: it never goes to and fro.
      const own = candidates(near).find(({ personId }) => personId === visit.personId);
      return own ? { ...after, personScore: own.score } : after;
    }
    const verdict = judge(near, thresholds, visit.notPersonIds);
    if (verdict) {
      this.touch(visit.groupId);
      this.move(visit.groupId, null);
      const { personId, score } = verdict;
      return { ...after, personId, personScore: score, decidedBy: 'consensus', groupId: null };
    }
    const groupId = await this.groupFor(visit, { space, least: thresholds.group });
    return { ...after, personId: null, personScore: null, decidedBy: null, groupId };
  }

  /** The nearest group, its own as soon as it is not alone in it, or a new one. */
  private async groupFor(
    visit: FaceVisitRow,
    { space, least }: { space: Space; least: number },
  ): Promise<string> {
    const { groupId, embedding } = visit;
    this.touch(groupId);
    if (groupId !== null && (this.groupSizes.get(groupId) ?? 0) > 1) return groupId;
    const nearest = await this.nearestGroup(space, { embedding, least, except: groupId });
    const chosen = nearest ?? groupId ?? this.newGroup(space, embedding);
    this.touch(chosen);
    this.move(groupId, chosen);
    return chosen;
  }

  private move(from: string | null, to: string | null): void {
    const sizeOf = (id: string) => this.groupSizes.get(id) ?? 0;
    if (from !== null) this.groupSizes.set(from, sizeOf(from) - 1);
    if (to !== null) this.groupSizes.set(to, sizeOf(to) + 1);
  }

  private async nearestGroup(
    space: Space,
    { embedding, least, except }: { embedding: Float32Array; least: number; except: string | null },
  ): Promise<string | undefined> {
    const near = await this.library.nearest(space, {
      kind: 'group',
      vector: embedding,
      limit: 2,
      minScore: least,
    });
    const stored = near.filter(({ id }) => id !== except && this.groupSizes.get(id) !== 0);
    const fresh = this.newGroups
      .filter((group) => isSameSpace(group, space) && group.id !== except)
      .map((group) => ({ id: group.id, score: cosine(group.embedding, embedding) }))
      .filter(({ score }) => score >= least);
    return [...stored, ...fresh].sort((a, b) => b.score - a.score)[0]?.id;
  }

  private newGroup(space: Space, embedding: Float32Array): string {
    const id = randomUUID();
    this.newGroups.push({ ...space, id, embedding });
    return id;
  }

  private touch(groupId: string | null): void {
    if (groupId !== null) this.touched.add(groupId);
  }

  private async thresholdsOf(space: Space): Promise<Thresholds | null> {
    const key = JSON.stringify([space.tenantId, space.model, space.modelVersion]);
    const known = this.thresholds.get(key);
    if (known !== undefined) return known;
    const found = await this.scores.thresholds(space);
    this.thresholds.set(key, found);
    return found;
  }
}

export function spaceOf({ tenantId, model, modelVersion, embedding }: FaceVisitRow): Space | null {
  if (model === null || modelVersion === null || embedding.length === 0) return null;
  return { tenantId, model, modelVersion };
}

function isSameSpace(a: Space, b: Space): boolean {
  return a.tenantId === b.tenantId && a.model === b.model && a.modelVersion === b.modelVersion;
}
