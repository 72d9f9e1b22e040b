import type { AnyFaceQuery, FaceEntry, FaceKey } from '../face-index';
import { FaceIndexError } from '../face-index-error';
import { FaceColumns } from './face-columns';
import { FaceMatrix } from './face-matrix';
import { SlotTable } from './slot-table';
import type { VectorMemory } from './vector-memory';

type Place = Pick<AnyFaceQuery, 'tenantId' | 'kind' | 'model' | 'version' | 'vector'>;

/**
 * All faces: vectors in a matrix for each tenant, kind, model and version, so that a search passes over nothing that
 * it cannot find; the rest in columns by slot. Vectors that come in have length 1.
 */
export class FaceTable {
  readonly columns = new FaceColumns();
  private readonly slots = new SlotTable((slot) => this.idOf(slot));
  private readonly ids: string[] = [];
  private readonly freeSlots: number[] = [];
  private readonly matrices: FaceMatrix[] = [];
  private readonly matrixOf = new Map<string, number>();

  constructor(private readonly memory: VectorMemory) {}

  get size(): number {
    return this.ids.length - this.freeSlots.length;
  }

  idOf(slot: number): string {
    return this.ids[slot] ?? '';
  }

  /** @throws FaceIndexError `FACE_DIMENSIONS_MISMATCH`; `FACE_INDEX_FULL`, and then nothing of this id is there. */
  upsert(entry: FaceEntry): void {
    const matrix = this.matrixFor(entry);
    const known = this.slotOf(entry);
    if (known !== undefined && this.columns.matrix[known] === matrix) {
      this.matrixAt(matrix).write(this.columns.row[known] ?? -1, entry.vector);
      this.columns.describe(known, entry);
      return;
    }
    this.remove(entry);
    const slot = this.freeSlots.at(-1) ?? this.ids.length;
    const row = this.matrixAt(matrix).add(slot, entry.vector);
    if (this.freeSlots.pop() === undefined) this.columns.reserve(slot + 1);
    this.ids[slot] = entry.id;
    this.slots.add(entry.id, slot);
    this.columns.matrix[slot] = matrix;
    this.columns.row[slot] = row;
    this.columns.describe(slot, entry);
  }

  remove(key: FaceKey): void {
    const slot = this.slotOf(key);
    if (slot === undefined) return;
    const row = this.columns.row[slot] ?? -1;
    const moved = this.matrixAt(this.columns.matrix[slot] ?? -1).remove(row);
    if (moved !== undefined) this.columns.row[moved] = row;
    this.slots.remove(key.id, slot);
    this.ids[slot] = '';
    this.freeSlots.push(slot);
  }

  /** What a query is to be compared with. @throws FaceIndexError `FACE_DIMENSIONS_MISMATCH` */
  find(place: Place): FaceMatrix | undefined {
    const matrix = this.matrices[this.matrixOf.get(keyOf(place)) ?? -1];
    if (!matrix?.size) this.checkDimensions(place);
    return matrix;
  }

  private slotOf({ kind, tenantId, id }: FaceKey): number | undefined {
    return this.slots.find(id, (slot) => {
      if (this.ids[slot] !== id) return false;
      const { of } = this.matrixAt(this.columns.matrix[slot] ?? -1);
      return of.kind === kind && of.tenantId === tenantId;
    });
  }

  private matrixFor(place: Place): number {
    const key = keyOf(place);
    const known = this.matrixOf.get(key);
    if (known !== undefined && this.matrixAt(known).size > 0) return known;
    this.checkDimensions(place);
    if (known !== undefined) return known;
    this.matrixOf.set(key, this.matrices.length);
    const { tenantId, kind, model, version, vector } = place;
    const of = { tenantId, kind, model, version, dimensions: vector.length };
    return this.matrices.push(new FaceMatrix(this.memory, of)) - 1;
  }

  private checkDimensions({ model, version, vector }: Place): void {
    const other = this.matrices.find(
      ({ size, of }) =>
        size > 0 && of.model === model && of.version === version && of.dimensions !== vector.length,
    );
    if (!other) return;
    throw new FaceIndexError(
      'FACE_DIMENSIONS_MISMATCH',
      `Embeddings of this model have ${other.of.dimensions} dimensions, not ${vector.length}.`,
    );
  }

  private matrixAt(index: number): FaceMatrix {
    const matrix = this.matrices[index];
    if (!matrix) throw new Error(`There is no matrix ${index}.`);
    return matrix;
  }
}

function keyOf({ tenantId, kind, model, version, vector }: Place): string {
  return JSON.stringify([tenantId, kind, model, version, vector.length]);
}
