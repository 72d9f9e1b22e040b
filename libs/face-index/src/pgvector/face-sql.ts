import type { AnyFaceQuery } from '../face-index';

export interface FaceTable {
  name: string;
  id: string;
  owner: string;
}

/** Where the faces of each kind are (prisma/migrations). */
export const FACE_TABLES: Record<AnyFaceQuery['kind'], FaceTable> = {
  person: { name: 'person_faces', id: 'id', owner: 'person_id' },
  visit: { name: 'face_visits', id: 'track_id', owner: 'person_id' },
  group: { name: 'unknown_groups', id: 'id', owner: 'NULL::text' },
};

type Statement = [text: string, parameters: unknown[]];

/** Conditions, and the parameters of their statement. */
class Conditions {
  readonly parameters: unknown[] = [];
  private readonly parts: string[] = [];

  /** `parameter`, if there is one, stands where the condition says `?`. */
  and(condition: string, parameter?: unknown): this {
    this.parts.push(parameter === undefined ? condition : condition.replace('?', this.reference(parameter)));
    return this;
  }

  reference(parameter: unknown): string {
    return `$${this.parameters.push(parameter)}`;
  }

  get text(): string {
    return this.parts.join(' AND ');
  }
}

/** The nearest rows that pass the query's filters: `id, ownerId, score`, best first. */
export function nearestRows(query: AnyFaceQuery, limit: number): Statement {
  const { name, id, owner } = FACE_TABLES[query.kind];
  const where = ofModel(query);
  if (query.kind === 'person') where.and('NOT is_negative');
  if (query.kind === 'visit') {
    if (query.fromMs !== undefined) where.and('last_at >= ?::text::timestamptz', iso(query.fromMs));
    if (query.toMs !== undefined) where.and('last_at < ?::text::timestamptz', iso(query.toMs));
    if (query.cameraId !== undefined) where.and('camera_id = ?', query.cameraId);
    if (query.unowned) where.and('person_id IS NULL');
  }
  const distance = distanceOf(query, where);
  return [
    `SELECT ${id} AS id, ${owner} AS "ownerId", 1 - (${distance}) AS score
     FROM ${name} WHERE ${where.text} ORDER BY ${distance} LIMIT ${limit}`,
    where.parameters,
  ];
}

/** Of these persons the score of their nearest negative face: `ownerId, score`. */
export function nearestNegatives(query: AnyFaceQuery, persons: (string | null)[]): Statement {
  const where = ofModel(query).and('is_negative').and('person_id = ANY(?::text[])', persons);
  return [
    `SELECT person_id AS "ownerId", 1 - min(${distanceOf(query, where)}) AS score
     FROM person_faces WHERE ${where.text} GROUP BY person_id`,
    where.parameters,
  ];
}

/** The size of a vector of the query's model that is of another size than the query: `dimensions`. */
export function otherDimensions({ name }: FaceTable, { model, version, vector }: AnyFaceQuery): Statement {
  return [
    `SELECT cardinality(embedding) AS dimensions FROM ${name}
     WHERE model = $1 AND model_version = $2 AND cardinality(embedding) NOT IN (0, ${vector.length}) LIMIT 1`,
    [model, version],
  ];
}

/** Rows that can be compared. The planner takes the index of this size when the statement says the size too. */
function ofModel({ tenantId, model, version, vector }: AnyFaceQuery): Conditions {
  return new Conditions()
    .and('tenant_id = ?', tenantId)
    .and('model = ?', model)
    .and('model_version = ?', version)
    .and(`cardinality(embedding) = ${vector.length}`);
}

function distanceOf({ vector }: AnyFaceQuery, where: Conditions): string {
  const type = `vector(${vector.length})`;
  return `embedding::${type} <=> ${where.reference(`[${vector.join(',')}]`)}::text::${type}`;
}

function iso(unixMs: number): string {
  return new Date(unixMs).toISOString();
}
