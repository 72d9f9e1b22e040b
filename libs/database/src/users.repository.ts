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

/** A log-in that begins at `nowMs`. */
interface NewSession {
  id: string;
  userId: string;
  expiresAt: Date;
  nowMs: number;
}

type UserRef = Pick<UserRow, 'id' | 'tenantId'>;
type UsersTable = Database['prisma']['user'];

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

  /** Changes nothing and answers `false` when the tenant would be left without an admin. */
  update(user: UserRef, change: { passwordHash?: string; role?: Role }): Promise<boolean> {
    const staysAdmin = change.role === undefined || change.role === 'admin';
    return this.keepingAnAdmin(staysAdmin ? null : user, async (users) => {
      await users.update({ where: { id: user.id }, data: change });
    });
  }

  /** Deletes nothing and answers `false` when the tenant would be left without an admin. */
  delete(user: UserRef): Promise<boolean> {
    return this.keepingAnAdmin(user, async (users) => {
      await users.deleteMany({ where: { id: user.id } });
    });
  }

  /**
   * Does what makes `leaving` no admin, unless it is the last. The tenant's admins are locked meanwhile: of two who
   * demote each other at once, the second waits and then sees that it is the last.
   */
  private keepingAnAdmin(
    leaving: UserRef | null,
    change: (users: Pick<UsersTable, 'update' | 'deleteMany'>) => Promise<void>,
  ): Promise<boolean> {
    return this.database.prisma.$transaction(async (transaction) => {
      if (leaving) {
        const admins = await transaction.$queryRaw<{ id: string }[]>`
          SELECT id FROM users WHERE tenant_id = ${leaving.tenantId} AND role = 'admin' ORDER BY id FOR UPDATE`;
        if (admins.length === 1 && admins[0]?.id === leaving.id) return false;
      }
      await change(transaction.user);
      return true;
    });
  }

  /** `nowMs`: the fleet's time. Deletes those that are over, too. */
  async openSession({ nowMs, ...session }: NewSession): Promise<void> {
    await this.database.prisma.session.deleteMany({ where: { expiresAt: { lt: new Date(nowMs) } } });
    await this.database.prisma.session.create({ data: session });
  }

  /** `null` when it is over at `nowMs`, the fleet's time. */
  findSession(id: string, nowMs: number): Promise<{ user: UserRow; expiresAt: Date } | null> {
    return this.database.prisma.session.findFirst({
      where: { id, expiresAt: { gt: new Date(nowMs) } },
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
