import { CamfleetError } from '@camfleet/domain';
import type { TicketAnswer } from '@camfleet/protocol';
import { Injectable } from '@nestjs/common';
import { timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { FleetClock } from '../core/fleet-clock';
import { SecretBox } from '../core/secret-box';
import type { Principal } from './principal';

export const TICKET_TTL_MS = 60_000;

const Claims = z.object({ cameraId: z.string(), tenantId: z.string(), expiresAtMs: z.number() });

/** Tokens that may stand in a URL: for one camera's feed and snapshot, for a minute. */
@Injectable()
export class TicketService {
  constructor(
    private readonly secrets: SecretBox,
    private readonly clock: FleetClock,
  ) {}

  issue({ cameraId, tenantId }: { cameraId: string; tenantId: string }): TicketAnswer {
    const expiresAtMs = this.clock.nowMs() + TICKET_TTL_MS;
    const body = Buffer.from(JSON.stringify({ cameraId, tenantId, expiresAtMs })).toString('base64url');
    return {
      ticket: `${body}.${this.secrets.sign(`ticket.${body}`)}`,
      expiresAt: new Date(expiresAtMs).toISOString(),
    };
  }

  /** Throws `TICKET_INVALID` when it is forged, over, or another camera's. */
  redeem(ticket: string, cameraId: string): Principal {
    const [body = '', signature = ''] = ticket.split('.');
    const claims = same(signature, this.secrets.sign(`ticket.${body}`)) ? parse(body) : null;
    if (!claims || claims.cameraId !== cameraId || claims.expiresAtMs < this.clock.nowMs())
      throw new CamfleetError('TICKET_INVALID', 'This ticket is not valid (any more) for this camera.');
    return {
      id: 'ticket',
      name: 'ticket',
      kind: 'key',
      role: 'viewer',
      tenantId: claims.tenantId,
      everything: false,
    };
  }
}

function parse(body: string): z.infer<typeof Claims> | null {
  return Claims.parse(JSON.parse(Buffer.from(body, 'base64url').toString('utf8')));
}

function same(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
