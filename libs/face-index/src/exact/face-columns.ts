import type { FaceEntry } from '../face-index';

/** The number of no name. */
export const NONE = -1;

/** Strings that repeat, by number. They stay until the process ends: as many as there ever were owners and cameras. */
export class Names {
  private readonly numbers = new Map<string, number>();
  private readonly names: string[] = [];

  get size(): number {
    return this.names.length;
  }

  numberOf(name: string | null | undefined): number {
    if (name === null || name === undefined) return NONE;
    const known = this.numbers.get(name);
    if (known !== undefined) return known;
    this.numbers.set(name, this.names.length);
    return this.names.push(name) - 1;
  }

  /** Of a name that nothing has: a number that nothing has. */
  find(name: string): number {
    return this.numbers.get(name) ?? NONE - 1;
  }

  nameOf(number: number): string | null {
    return this.names[number] ?? null;
  }
}

/**
 * What is known of each face beside its vector, in columns by slot: an object a face would be as large as a tenth of
 * its vector and more. A column grows by a quarter.
 */
export class FaceColumns {
  matrix = new Int32Array(16);
  row = new Int32Array(16);
  owner = new Int32Array(16);
  camera = new Int32Array(16);
  atMs = new Float64Array(16);
  isNegative = new Uint8Array(16);
  readonly owners = new Names();
  readonly cameras = new Names();

  describe(slot: number, entry: FaceEntry): void {
    const visit = entry.kind === 'visit' ? entry : undefined;
    this.owner[slot] = this.owners.numberOf(entry.kind === 'group' ? null : entry.ownerId);
    this.camera[slot] = this.cameras.numberOf(visit?.cameraId);
    this.atMs[slot] = visit?.atMs ?? 0;
    this.isNegative[slot] = entry.kind === 'person' && entry.isNegative ? 1 : 0;
  }

  reserve(slots: number): void {
    if (slots <= this.row.length) return;
    const length = Math.ceil(slots * 1.25);
    this.matrix = longer(this.matrix, new Int32Array(length));
    this.row = longer(this.row, new Int32Array(length));
    this.owner = longer(this.owner, new Int32Array(length));
    this.camera = longer(this.camera, new Int32Array(length));
    this.atMs = longer(this.atMs, new Float64Array(length));
    this.isNegative = longer(this.isNegative, new Uint8Array(length));
  }
}

function longer<T extends Int32Array | Float64Array | Uint8Array>(column: T, into: T): T {
  into.set(column);
  return into;
}
