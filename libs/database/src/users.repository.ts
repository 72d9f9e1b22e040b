import type { Role } from '@camfleet/domain';
import type { Database } from './database';

export interface UserRow {
  id: string;
  tenantId: string;
  username: string;
  passwordHash: string;
  role: string;
  createdAt: Date;
}

/** People who log in, and their sessions. */
export class UsersRepository {
  constructor(private readonly database: Database) {}

  private get users() {
    return this.database.prisma.user;
  }

  count(): Promise<number> {
    return this.users.count();
  }

  findByName(username: string): Promise<UserRow | null> {
    return this.users.findUnique({ where: { username } });
  }

  find(tenantId: string, id: string): Promise<UserRow | null> {
    return this.users.findFirst({ where: { tenantId, id } });
  }

  list(tenantId: string): Promise<UserRow[]> {
    return this.users.findMany({ where: { tenantId }, orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] });
  }

  /** Answers `false` when the name is taken. */
  async create(user: Omit<UserRow, 'createdAt'>): Promise<boolean> {
    const { count } = await this.users.createMany({ data: [user], skipDuplicates: true });
    return count === 1;
  }

  async update(id: string, change: { passwordHash?: string; role?: Role }): Promise<void> {
    await this.users.update({ where: { id }, data: change });
  }

  async delete(id: string): Promise<void> {
    await this.users.deleteMany({ where: { id } });
  }

  countAdmins(tenantId: string): Promise<number> {
    return this.users.count({ where: { tenantId, role: 'admin' } });
  }

  async openSession(session: { id: string; userId: string; expiresAt: Date }): Promise<void> {
    await this.database.prisma.session.deleteMany({ where: { expiresAt: { lt: new Date() } } });
    await this.database.prisma.session.create({ data: session });
  }

  /** `null` when it is over. */
  findSession(id: string): Promise<{ user: UserRow; expiresAt: Date } | null> {
    return this.database.prisma.session.findFirst({
      where: { id, expiresAt: { gt: new Date() } },
      include: { user: true },
    });
  }

  async closeSession(id: string): Promise<void> {
    await this.database.prisma.session.deleteMany({ where: { id } });
  }

  /** After a change of password: every other browser has to log in again. */
  async closeSessionsOf(userId: string): Promise<void> {
    await this.database.prisma.session.deleteMany({ where: { userId } });
  }
}
