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

interface Row extends FeedSource {
  cameraId: string;
  desired: 'running' | 'stopped';
  state: string | null;
}

/** What replicas look up to serve viewers: of a camera's assignments the one that is no standby, else the standby. */
export class FeedSourcesRepository {
  constructor(private readonly database: Database) {}

  /** Cameras that are not there (any more) are left out. */
  async of(cameraIds: readonly string[]): Promise<Map<string, FeedSources>> {
    const rows = await this.database.prisma.$queryRaw<Row[]>`
      SELECT c.id AS "cameraId", c.desired, a.state, a.epoch, w.id AS "workerId", w.public_url AS "publicUrl", w.secret
      FROM cameras c
      LEFT JOIN assignments a
        ON a.camera_id = c.id AND a.state IN ('assigned', 'running', 'releasing', 'standby') AND a.ended_at IS NULL
      LEFT JOIN workers w ON w.id = a.worker_id
      WHERE c.id = ANY(${[...cameraIds]}::text[])
      ORDER BY a.epoch`;
    const found = new Map<string, FeedSources>();
    for (const { cameraId, desired, state, ...source } of rows) {
      const known: FeedSources = found.get(cameraId) ?? { cameraId, desired };
      if (state === 'standby') known.upcoming = source;
      else if (state !== null) known.serving = source;
      found.set(cameraId, known);
    }
    for (const known of found.values()) {
      if (known.serving) continue;
      known.serving = known.upcoming;
      known.upcoming = undefined;
    }
    return found;
  }
}
