/** A stored vector that resembles the one asked for. */
export interface Neighbour {
  id: string;
  /** Cosine, -1 to 1. */
  score: number;
}

export interface NeighbourQuery {
  limit: number;
  minScore?: number;
  /** Others are passed over. */
  accept?: (id: string) => boolean;
}

const FIRST_CAPACITY = 64;

/** Vectors of length 1 and one dimension by id, end to end in one array; every search looks at all of them. */
export class VectorSet {
  private ids: string[] = [];
  private readonly slots = new Map<string, number>();
  private data: Float32Array;

  constructor(readonly dimension: number) {
    this.data = new Float32Array(FIRST_CAPACITY * dimension);
  }

  get size(): number {
    return this.ids.length;
  }

  set(id: string, vector: Float32Array): void {
    const slot = this.slots.get(id) ?? this.append(id);
    this.data.set(vector, slot * this.dimension);
  }

  delete(id: string): void {
    const slot = this.slots.get(id);
    if (slot === undefined) return;
    this.slots.delete(id);
    const last = this.ids.pop();
    if (last === undefined || last === id) return;
    this.ids[slot] = last;
    this.slots.set(last, slot);
    const start = this.ids.length * this.dimension;
    this.data.copyWithin(slot * this.dimension, start, start + this.dimension);
  }

  /** The nearest, best first. */
  nearest(query: Float32Array, { limit, minScore = -1, accept }: NeighbourQuery): Neighbour[] {
    const found: Neighbour[] = [];
    let least = minScore;
    for (let slot = 0; slot < this.ids.length; slot += 1) {
      const score = this.score(slot, query);
      const id = this.ids[slot];
      if (score < least || id === undefined || (accept && !accept(id))) continue;
      found.push({ id, score });
      if (found.length < limit * 2) continue;
      found.sort(byScore).length = limit;
      least = found.at(-1)?.score ?? least;
    }
    return found.sort(byScore).slice(0, limit);
  }

  private score(slot: number, query: Float32Array): number {
    const { data, dimension } = this;
    const start = slot * dimension;
    let sum = 0;
    for (let index = 0; index < dimension; index += 1)
      sum += (data[start + index] ?? 0) * (query[index] ?? 0);
    return Math.max(-1, Math.min(1, sum));
  }

  private append(id: string): number {
    const slot = this.ids.length;
    this.ids.push(id);
    this.slots.set(id, slot);
    if ((slot + 1) * this.dimension > this.data.length) {
      const larger = new Float32Array(this.data.length * 2);
      larger.set(this.data);
      this.data = larger;
    }
    return slot;
  }
}

const byScore = (a: Neighbour, b: Neighbour) => b.score - a.score;
