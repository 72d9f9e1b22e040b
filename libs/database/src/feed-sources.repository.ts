import { SERVING_FIRST } from './assignments.repository';
import type { Database } from './database';

/** A worker that pulls a camera now. */
export interface FeedSource {
  workerId: string;
  epoch: number;
  publicUrl: string;
  secret: string;
}

/** Where a camera's viewers are served from, and from where they will be when it has moved. */
export interface FeedSources {
  cameraId: string;
  desired: 'running' | 'stopped';
  serving?: FeedSource;
  upcoming?: FeedSource;
}

type Row = Pick<FeedSources, 'cameraId' | 'desired'> & (FeedSource | { workerId: null });

/** What replicas look up to serve viewers. */
export class FeedSourcesRepository {
  constructor(private readonly database: Database) {}

  /** Cameras that are not there (any more) are left out. */
  async of(cameraIds: readonly string[]): Promise<Map<string, FeedSources>> {
    const rows = await this.database.prisma.$queryRaw<Row[]>`
      SELECT c.id AS "cameraId", c.desired, a.epoch, w.id AS "workerId", w.public_url AS "publicUrl", w.secret
      FROM cameras c
      LEFT JOIN assignments a ON a.camera_id = c.id AND a.ended_at IS NULL
      LEFT JOIN workers w ON w.id = a.worker_id
      WHERE c.id = ANY(${[...cameraIds]}::text[])
      ORDER BY ${SERVING_FIRST}`;
    const found = new Map<string, FeedSources>();
    for (const { cameraId, desired, ...source } of rows) {
      const known: FeedSources = found.get(cameraId) ?? { cameraId, desired };
      found.set(cameraId, known);
      if (source.workerId === null) continue;
      if (known.serving) known.upcoming = source;
      else known.serving = source;
    }
    return found;
  }
}
