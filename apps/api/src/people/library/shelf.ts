import { type Neighbour, type NeighbourQuery, VectorSet } from './vector-set';

/** Which vectors may be compared: those of one tenant, made by one version of one model. */
export interface Space {
  tenantId: string;
  model: string;
  modelVersion: string;
}

/** What lies on a shelf. */
interface Item {
  tenantId: string;
  id: string;
  model: string | null;
  modelVersion: string | null;
  /** Length 1; empty: it cannot be found by its looks. */
  embedding: Float32Array;
}

/** Things of one kind, each findable by its id and by what it looks like, in its own space alone. */
export class Shelf<Row extends Item> {
  private readonly rows = new Map<string, Omit<Row, 'embedding'>>();
  private readonly sets = new Map<string, VectorSet>();

  get(tenantId: string, id: string): Omit<Row, 'embedding'> | undefined {
    return this.rows.get(keyOf(tenantId, id));
  }

  /** Answers what it replaced. */
  put({ embedding, ...row }: Row): Omit<Row, 'embedding'> | undefined {
    const { tenantId, id, model, modelVersion } = row;
    const before = this.rows.get(keyOf(tenantId, id));
    if (before) this.forgetVector(before);
    this.rows.set(keyOf(tenantId, id), row);
    if (model !== null && modelVersion !== null && embedding.length > 0)
      this.setOf({ tenantId, model, modelVersion }, embedding.length).set(id, embedding);
    return before;
  }

  delete(tenantId: string, id: string): Omit<Row, 'embedding'> | undefined {
    const row = this.rows.get(keyOf(tenantId, id));
    if (row) this.forgetVector(row);
    this.rows.delete(keyOf(tenantId, id));
    return row;
  }

  /** The nearest of a space, best first. */
  nearest(
    space: Space,
    query: Float32Array,
    options: Omit<NeighbourQuery, 'accept'> & { accept?: (row: Omit<Row, 'embedding'>) => boolean },
  ): (Neighbour & { row: Omit<Row, 'embedding'> })[] {
    const { accept, ...rest } = options;
    const found = this.sets.get(spaceKey(space, query.length))?.nearest(query, {
      ...rest,
      accept: accept && ((id) => this.accepts(space, id, accept)),
    });
    return (found ?? []).flatMap((neighbour) => {
      const row = this.get(space.tenantId, neighbour.id);
      return row ? [{ ...neighbour, row }] : [];
    });
  }

  private accepts(
    { tenantId }: Space,
    id: string,
    accept: (row: Omit<Row, 'embedding'>) => boolean,
  ): boolean {
    const row = this.get(tenantId, id);
    return row !== undefined && accept(row);
  }

  private setOf(space: Space, dimension: number): VectorSet {
    const key = spaceKey(space, dimension);
    const known = this.sets.get(key) ?? new VectorSet(dimension);
    this.sets.set(key, known);
    return known;
  }

  /** From whichever of its space's sets it is in: a model's dimension is part of the key. */
  private forgetVector({ tenantId, id, model, modelVersion }: Omit<Item, 'embedding'>): void {
    if (model === null || modelVersion === null) return;
    const prefix = spaceKey({ tenantId, model, modelVersion });
    for (const [key, set] of this.sets) if (key.startsWith(prefix)) set.delete(id);
  }
}

const keyOf = (tenantId: string, id: string) => JSON.stringify([tenantId, id]);

/** Without a dimension: what the keys of all dimensions begin with. */
function spaceKey({ tenantId, model, modelVersion }: Space, dimension?: number): string {
  return `${JSON.stringify([tenantId, model, modelVersion])}${dimension ?? ''}`;
}
