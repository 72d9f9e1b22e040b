import { CamfleetError } from '@camfleet/domain';
import type { Database } from './database';

const TENANT_ID = /^[\w.-]{1,100}$/;

/** Tenants begin to exist when somebody who may name any names them. */
export class TenantsRepository {
  private readonly known = new Set<string>();

  constructor(private readonly database: Database) {}

  /** Throws `VALIDATION_FAILED` for an id that can be none. */
  async ensure(id: string): Promise<void> {
    if (this.known.has(id)) return;
    if (!TENANT_ID.test(id))
      throw new CamfleetError('VALIDATION_FAILED', 'A tenant id has letters, digits, "_", "-" and "." only.');
    await this.database.prisma.tenant.createMany({ data: [{ id, name: id }], skipDuplicates: true });
    this.known.add(id);
  }

  async ids(): Promise<string[]> {
    const rows = await this.database.prisma.tenant.findMany({ select: { id: true }, orderBy: { id: 'asc' } });
    return rows.map(({ id }) => id);
  }
}
