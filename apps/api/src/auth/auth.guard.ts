import { CamfleetError } from '@camfleet/domain';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { ACCESS, type AccessRule, type WithPrincipal } from './access.decorator';
import { Authenticator, tenantHeader } from './authenticator';
import { demand, may } from './principal';
import { TicketService } from './ticket.service';
import { TrustedNetworks } from './trusted-networks';

type GuardedRequest = FastifyRequest<{ Params: { id?: string }; Querystring: { ticket?: string } }> &
  WithPrincipal;

/** Stands before every handler. */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly authenticator: Authenticator,
    private readonly tickets: TicketService,
    private readonly trusted: TrustedNetworks,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const rule = this.reflector.getAllAndOverride<AccessRule | undefined>(ACCESS, [
      context.getHandler(),
      context.getClass(),
    ]) ?? { role: 'admin' };
    if ('public' in rule) return true;
    const request = context.switchToHttp().getRequest<GuardedRequest>();
    const { ticket } = request.query;
    if (rule.ticket && ticket !== undefined) {
      request.principal = this.tickets.redeem(ticket, request.params.id ?? '');
      return true;
    }
    const principal =
      (await this.authenticator.authenticate(request.headers)) ??
      (rule.trustedNetwork ? this.trusted.principalAt(request.ip, tenantHeader(request.headers)) : null);
    if (!principal) throw new CamfleetError('UNAUTHORIZED', 'Log in, or send an API key.');
    if (!(rule.worker && may(principal, 'worker'))) demand(principal, rule.role);
    request.principal = principal;
    return true;
  }
}
