import type { OutgoingMessageQuery, Page } from '@camfleet/protocol';
import type { Database, Queryable } from '../database';
import { Prisma, type OutgoingMessage as OutgoingMessageRow } from '../generated/client';
import { decodeCursor, pageOfRows } from '../page';

export type { OutgoingMessageRow };

export interface NewOutgoingMessage {
  /** What it tells of: told once, however often it is found. */
  id: string;
  tenantId: string;
  videoId: string;
  body: object;
}

/** Sending some messages may take so long, the rows locked meanwhile. */
const SEND_TIMEOUT_MS = 30_000;
const MAX_ERROR_LENGTH = 1_000;

/** Messages to others: rows first. */
export class OutgoingMessagesRepository {
  constructor(private readonly database: Database) {}

  /** In the transaction of what they tell. What was told before is not told again. */
  async add(tx: Queryable, messages: readonly NewOutgoingMessage[]): Promise<void> {
    if (messages.length === 0) return;
    await tx.$executeRaw`
      INSERT INTO outgoing_messages (id, tenant_id, video_id, body)
      SELECT m.id, m."tenantId", m."videoId", m.body
      FROM jsonb_to_recordset(${JSON.stringify(messages)}::jsonb)
        AS m (id text, "tenantId" text, "videoId" text, body jsonb)
      ON CONFLICT (id) DO NOTHING`;
  }

  /** Newest first. */
  async list(
    tenantId: string,
    { limit, cursor, state, videoId }: OutgoingMessageQuery,
  ): Promise<Page<OutgoingMessageRow>> {
    const after = decodeCursor(cursor);
    const createdAt = after && new Date(after.at);
    const rows = await this.database.prisma.outgoingMessage.findMany({
      where: {
        tenantId,
        state,
        videoId,
        ...(after && { OR: [{ createdAt: { lt: createdAt } }, { createdAt, id: { lt: after.id } }] }),
      },
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      take: limit + 1,
    });
    return pageOfRows(rows, { limit, cursorOf: (row) => ({ at: row.createdAt.getTime(), id: row.id }) });
  }

  /**
   * Hands the oldest that wait to `send` and marks those sent that it resolves for. A process that dies in between
   * leaves them to be sent again. Others that send at the same time get other messages.
   * @returns how many were sent, and what went wrong with the first that was not
   */
  sendPending(
    limit: number,
    send: (body: string) => Promise<void>,
  ): Promise<{ sent: number; failure?: unknown }> {
    return this.database.prisma.$transaction(
      async (tx) => {
        const due = await tx.$queryRaw<{ id: string; body: unknown }[]>`
          SELECT id, body FROM outgoing_messages WHERE state = 'pending' ORDER BY created_at, id LIMIT ${limit}
          FOR UPDATE SKIP LOCKED`;
        const results = await Promise.allSettled(due.map(({ body }) => send(JSON.stringify(body))));
        const of = (status: 'fulfilled' | 'rejected') =>
          due.filter((_, index) => results[index]?.status === status).map(({ id }) => id);
        const sent = of('fulfilled');
        const failed = of('rejected');
        if (sent.length > 0)
          await tx.$executeRaw`UPDATE outgoing_messages
            SET state = 'sent', sent_at = now(), attempts = attempts + 1, last_error = NULL
            WHERE id IN (${Prisma.join(sent)})`;
        const failure = results.find((result) => result.status === 'rejected')?.reason;
        if (failed.length > 0) {
          const text = (failure instanceof Error ? failure.message : String(failure)).slice(
            0,
            MAX_ERROR_LENGTH,
          );
          await tx.$executeRaw`UPDATE outgoing_messages SET attempts = attempts + 1, last_error = ${text}
            WHERE id IN (${Prisma.join(failed)})`;
        }
        return { sent: sent.length, ...(failed.length > 0 && { failure }) };
      },
      { timeout: SEND_TIMEOUT_MS },
    );
  }
}
