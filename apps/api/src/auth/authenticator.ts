import { CamfleetError, DEFAULT_TENANT_ID, ROLES, type Role } from '@camfleet/domain';
import {
  type KeyRow,
  KeysRepository,
  TenantsRepository,
  UsersRepository,
  type UserRow,
} from '@camfleet/database';
import { fastifyCookie } from '@fastify/cookie';
import { Inject, Injectable } from '@nestjs/common';
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { API_OPTIONS, type ApiOptions } from '../core/api-options';
import { FleetClock } from '../core/fleet-clock';
import { KnownKeys } from './known-keys';
import { FLEET_KEY_ID, type Principal } from './principal';

export const SESSION_COOKIE = 'camfleet_session';

/** Finds out who asks, from a bearer key or the session cookie; of HTTP requests and WebSocket upgrades alike. */
@Injectable()
export class Authenticator {
  private readonly adminKeyHash?: string;
  private readonly workerKeyHash: string;

  constructor(
    private readonly users: UsersRepository,
    private readonly keys: KeysRepository,
    private readonly knownKeys: KnownKeys,
    private readonly tenants: TenantsRepository,
    private readonly clock: FleetClock,
    @Inject(API_OPTIONS) { config }: ApiOptions,
  ) {
    if (config.adminApiKey) this.adminKeyHash = hashSecret(config.adminApiKey);
    this.workerKeyHash = hashSecret(config.workerApiKey);
  }

  /** `null` when nobody is named; throws `UNAUTHORIZED` when a wrong key is. */
  async authenticate(headers: IncomingHttpHeaders): Promise<Principal | null> {
    const key = bearer(headers.authorization);
    if (key) return this.byKey(key, tenantHeader(headers));
    const token = sessionToken(headers);
    return token ? this.bySession(hashSecret(token)) : null;
  }

  /** A principal with a credential as it is now; `null` when its key, user or session is gone. */
  async current({ credential }: Principal): Promise<Principal | null> {
    if (credential?.kind === 'session') return this.bySession(credential.id);
    const row = credential && (await this.keys.find(credential.id));
    return row ? ofKey(row) : null;
  }

  private async bySession(id: string): Promise<Principal | null> {
    const session = await this.users.findSession(id, this.clock.nowMs());
    if (!session) return null;
    const { user, expiresAt } = session;
    return { ...ofUser(user), credential: { kind: 'session', id, expiresAt } };
  }

  private async byKey(key: string, tenantId: string | undefined): Promise<Principal> {
    const hash = hashSecret(key);
    const tenant = tenantId ?? DEFAULT_TENANT_ID;
    if (this.adminKeyHash && sameHash(hash, this.adminKeyHash)) {
      await this.tenants.ensure(tenant);
      return {
        id: 'admin-key',
        name: 'admin key',
        kind: 'key',
        role: 'admin',
        tenantId: tenant,
        everything: true,
      };
    }
    if (sameHash(hash, this.workerKeyHash))
      return {
        id: FLEET_KEY_ID,
        name: 'worker key',
        kind: 'key',
        role: 'worker',
        tenantId: tenant,
        everything: false,
      };
    const row = await this.knownKeys.find(hash);
    if (!row) throw new CamfleetError('UNAUTHORIZED', 'This key is not known here.');
    return ofKey(row);
  }
}

function ofKey(row: KeyRow): Principal {
  return {
    id: row.id,
    name: row.name,
    kind: 'key',
    role: toRole(row.role),
    tenantId: row.tenantId,
    everything: false,
    credential: { kind: 'key', id: row.id },
  };
}

export function ofUser(user: UserRow): Principal {
  return {
    id: user.id,
    name: user.username,
    kind: 'user',
    role: toRole(user.role),
    tenantId: user.tenantId,
    everything: false,
  };
}

export function toRole(role: string): Role {
  const known = ROLES.find((name) => name === role);
  if (!known) throw new Error(`The stored role ${role} is not known.`);
  return known;
}

export function sessionToken(headers: IncomingHttpHeaders): string | undefined {
  return headers.cookie ? fastifyCookie.parse(headers.cookie)[SESSION_COOKIE] : undefined;
}

/** SHA-256 in hex: what is stored of a key or a session in place of itself. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** In constant time. Both of `hashSecret`, so of one length. */
function sameHash(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(a), Buffer.from(b));
}

function bearer(authorization: string | undefined): string | undefined {
  return /^Bearer\s+(\S+)$/i.exec(authorization ?? '')?.[1];
}

export function tenantHeader(headers: IncomingHttpHeaders): string | undefined {
  const value = headers['x-tenant-id'];
  return typeof value === 'string' && value ? value : undefined;
}
