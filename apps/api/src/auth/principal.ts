import { CamfleetError, type Role, roleIncludes } from '@camfleet/domain';
import type { Me } from '@camfleet/protocol';

/** Who asks: a person with a session, or a program with a key. */
export interface Principal extends Me {
  /** The environment's admin key: every right, `worker` included. */
  everything: boolean;
}

export function may(principal: Principal, role: Role): boolean {
  return principal.everything || roleIncludes(principal.role, role);
}

/** Throws `FORBIDDEN`, naming the role that is missing. */
export function demand(principal: Principal, role: Role): void {
  if (!may(principal, role)) throw new CamfleetError('FORBIDDEN', `This needs the role ${role}.`);
}
