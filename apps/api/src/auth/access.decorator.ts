import type { Role } from '@camfleet/domain';
import { applyDecorators, createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import type { Principal } from './principal';

export const ACCESS = 'camfleet:access';
export const ACCESS_EXTENSION = 'x-access';

/** Who may call a handler. A handler that says nothing is for admins. */
export type AccessRule = ({ role: Role } & AccessOptions) | { public: true };

export interface AccessOptions {
  /** Or whoever brings a camera's short-lived ticket in the query. */
  ticket?: boolean;
  /** Or a worker. */
  worker?: boolean;
  /** Or whoever asks from one of `VISION_TRUSTED_CIDRS`, without a key: as a worker. */
  trustedNetwork?: boolean;
}

/** At least this role. */
export const Access = (role: Role, options?: AccessOptions) => ruled({ role, ...options });

export const Public = () => ruled({ public: true });

/** Told to the guard, and to whoever reads the OpenAPI document. */
function ruled(rule: AccessRule) {
  return applyDecorators(SetMetadata<string, AccessRule>(ACCESS, rule), ApiExtension(ACCESS_EXTENSION, rule));
}

export interface WithPrincipal {
  principal?: Principal;
}

/** The principal that the guard let in. */
export const Caller = createParamDecorator((_data: unknown, context: ExecutionContext): Principal => {
  const { principal } = context.switchToHttp().getRequest<WithPrincipal>();
  if (!principal) throw new Error('A public handler asked who calls.');
  return principal;
});
