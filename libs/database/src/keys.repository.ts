import type { Database } from './database';

export interface KeyRow {
  id: string;
  tenantId: string;
  name: string;
  role: string;
  createdAt: Date;
  lastUsedAt: Date | null;
}

/** `lastUsedAt` is written once in this time, not with every request. */
const LAST_USED_RESOLUTION_MS = 60_000;

/** API keys, found by their hash. */
export class KeysRepository {
  constructor(private readonly database: Database) {}

  private get keys() {
    return this.database.prisma.apiKey;
  }

  async create(key: {
    id: string;
    tenantId: string;
    name: string;
    role: string;
    keyHash: string;
  }): Promise<KeyRow> {
    return this.keys.create({ data: key });
  }

  list(tenantId: string): Promise<KeyRow[]> {
    return this.keys.findMany({ where: { tenantId }, orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] });
  }

  find(id: string): Promise<KeyRow | null> {
    return this.keys.findUnique({ where: { id } });
  }

  async findByHash(keyHash: string): Promise<KeyRow | null> {
    const key = await this.keys.findUnique({ where: { keyHash } });
    if (!key) return null;
    await this.database.prisma.$executeRaw`
      UPDATE api_keys SET last_used_at = now() WHERE id = ${key.id} AND (last_used_at IS NULL
        OR last_used_at < now() - ${LAST_USED_RESOLUTION_MS} * interval '1 millisecond')`;
    return key;
  }

  /** Answers `false` when there is no such key. */
  async delete(tenantId: string, id: string): Promise<boolean> {
    const { count } = await this.keys.deleteMany({ where: { tenantId, id } });
    return count === 1;
  }
}
