import {
  type AnyFaceQuery,
  byScore,
  type FaceHit,
  type GroupQuery,
  type PersonQuery,
  type VisitQuery,
} from '../face-index';
import { BestScores } from './best-scores';
import { type FaceColumns, NONE } from './face-columns';
import type { FaceTable } from './face-table';

/** Lower than any cosine, as sums of floats give it. */
const NOT_EVEN_OPPOSITE = -1.5;
const NOTHING = -2;

/** The query's vector has length 1. @throws FaceIndexError `FACE_DIMENSIONS_MISMATCH` */
export function searchFaces(table: FaceTable, query: AnyFaceQuery): FaceHit[] {
  const hits = query.kind === 'person' ? nearestPersons(table, query) : nearest(table, query);
  return hits.sort(byScore);
}

function nearest(table: FaceTable, query: VisitQuery | GroupQuery): FaceHit[] {
  const { columns } = table;
  const best = new BestScores(query.limit, query.minScore ?? NOT_EVEN_OPPOSITE);
  const passes = query.kind === 'visit' ? visitFilter(columns, query) : () => true;
  table.find(query)?.scan(query.vector, (scores, slots, first) => {
    for (let index = 0; index < scores.length; index++) {
      const score = scores[index] ?? NOTHING;
      if (score < best.floor) continue;
      const slot = slots[first + index] ?? NONE;
      if (passes(slot)) best.offer(score, slot);
    }
  });
  return best.taken.map(({ score, key: slot }) => hitOf(table, slot, score));
}

function visitFilter(columns: FaceColumns, query: VisitQuery): (slot: number) => boolean {
  const { fromMs = -Infinity, toMs = Infinity, cameraId, unowned } = query;
  const camera = cameraId === undefined ? undefined : columns.cameras.find(cameraId);
  return (slot) => {
    const atMs = columns.atMs[slot] ?? NaN;
    if (!(atMs >= fromMs && atMs < toMs)) return false;
    if (camera !== undefined && columns.camera[slot] !== camera) return false;
    return !unowned || columns.owner[slot] === NONE;
  };
}

function nearestPersons(table: FaceTable, query: PersonQuery): FaceHit[] {
  const { columns } = table;
  const nearestPositive = new Float32Array(columns.owners.size).fill(NOTHING);
  const nearestNegative = new Float32Array(columns.owners.size).fill(NOTHING);
  const slotOf = new Int32Array(columns.owners.size);
  table.find(query)?.scan(query.vector, (scores, slots, first) => {
    for (let index = 0; index < scores.length; index++) {
      const score = scores[index] ?? NOTHING;
      const slot = slots[first + index] ?? NONE;
      const owner = columns.owner[slot] ?? NONE;
      const side = columns.isNegative[slot] ? nearestNegative : nearestPositive;
      if (score <= (side[owner] ?? Infinity)) continue;
      side[owner] = score;
      if (side === nearestPositive) slotOf[owner] = slot;
    }
  });
  const best = new BestScores(query.limit, query.minScore ?? NOT_EVEN_OPPOSITE);
  nearestPositive.forEach((score, owner) => {
    if (score >= best.floor) best.offer(score, owner);
  });
  return best.taken.map(({ score, key: owner }) => {
    const hit = hitOf(table, slotOf[owner] ?? NONE, score);
    const negative = nearestNegative[owner] ?? NOTHING;
    return negative > NOTHING ? { ...hit, negativeScore: cosine(negative) } : hit;
  });
}

function hitOf(table: FaceTable, slot: number, score: number): FaceHit {
  const ownerId = table.columns.owners.nameOf(table.columns.owner[slot] ?? NONE);
  return { id: table.idOf(slot), ownerId, score: cosine(score) };
}

/** Rounding can carry a score past its bounds. */
function cosine(score: number): number {
  return Math.min(1, Math.max(-1, score));
}
