import { CamfleetError, type Role, roleIncludes } from '@camfleet/domain';
import type { Me } from '@camfleet/protocol';

/** Who asks: a person with a session, or a program with a key. */
export interface Principal extends Me {
  /** The environment's admin key: every right, `worker` included. */
  everything: boolean;
  /** What may be taken away while a stream is open. None: keys of the environment, and tickets. */
  credential?: { kind: 'key'; id: string } | { kind: 'session'; id: string; expiresAt: Date };
}

export function may(principal: Principal, role: Role): boolean {
  return principal.everything || roleIncludes(principal.role, role);
}

/** Whose workers a key may speak for; `null`, which the fleet's own key has, for any tenant's. */
export function tenantOfWorkers(principal: Principal): string | null {
  return principal.everything || principal.id === FLEET_KEY_ID ? null : principal.tenantId;
}

/** The id under which the environment's worker key goes. */
export const FLEET_KEY_ID = 'worker-key';

/** Throws `FORBIDDEN`, naming the role that is missing. */
export function demand(principal: Principal, role: Role): void {
  if (!may(principal, role)) throw new CamfleetError('FORBIDDEN', `This needs the role ${role}.`);
}
