import { CamfleetError, DEFAULT_TENANT_ID } from '@camfleet/domain';
import { type UserRow, UsersRepository } from '@camfleet/database';
import type { CreateUserRequest, UpdateUserRequest, UserView } from '@camfleet/protocol';
import { Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { FleetClock } from '../core/fleet-clock';
import { toRole } from './authenticator';
import { hashPassword } from './passwords';
import { type Principal, demand } from './principal';

@Injectable()
export class UsersService {
  constructor(
    private readonly users: UsersRepository,
    private readonly clock: FleetClock,
  ) {}

  async list(tenantId: string): Promise<UserView[]> {
    return (await this.users.list(tenantId)).map(view);
  }

  async create(tenantId: string, request: CreateUserRequest): Promise<UserView> {
    const { username, password, role } = request;
    const user = { id: randomUUID(), tenantId, username, role, passwordHash: await hashPassword(password) };
    if (!(await this.users.create(user)))
      throw new CamfleetError('USERNAME_TAKEN', `There is a user named ${username} already.`);
    return view({ ...user, createdAt: new Date(this.clock.nowMs()) });
  }

  /** The first admin, when nobody can log in yet. Answers `false` when somebody can. */
  async createFirstAdmin(username: string, password: string): Promise<boolean> {
    if ((await this.users.count()) > 0) return false;
    const user = { id: randomUUID(), tenantId: DEFAULT_TENANT_ID, username, role: 'admin' };
    return this.users.create({ ...user, passwordHash: await hashPassword(password) });
  }

  async update(caller: Principal, id: string, request: UpdateUserRequest): Promise<UserView> {
    const user = await this.existing(caller.tenantId, id);
    const ownPassword = caller.id === id && request.role === undefined;
    if (!ownPassword) demand(caller, 'admin');
    const passwordHash = request.password === undefined ? undefined : await hashPassword(request.password);
    if (!(await this.users.update(user, { role: request.role, passwordHash }))) throw lastAdmin();
    if (request.password !== undefined) await this.users.closeSessionsOf(id);
    return view({ ...user, role: request.role ?? user.role });
  }

  async delete(tenantId: string, id: string): Promise<void> {
    if (!(await this.users.delete(await this.existing(tenantId, id)))) throw lastAdmin();
  }

  private async existing(tenantId: string, id: string): Promise<UserRow> {
    const user = await this.users.find(tenantId, id);
    if (!user) throw new CamfleetError('USER_NOT_FOUND', 'There is no such user.');
    return user;
  }
}

function lastAdmin(): CamfleetError {
  return new CamfleetError('LAST_ADMIN', 'This is the last admin: make somebody else one first.');
}

function view(user: UserRow): UserView {
  return {
    id: user.id,
    username: user.username,
    role: toRole(user.role),
    createdAt: user.createdAt.toISOString(),
  };
}
