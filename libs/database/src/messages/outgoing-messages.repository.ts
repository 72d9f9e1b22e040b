import type { OutgoingMessageQuery, Page } from '@camfleet/protocol';
import type { Database, Queryable } from '../database';
import type { OutgoingMessage as OutgoingMessageRow } from '../generated/client';
import { decodeCursor, pageOfRows } from '../page';

export type { OutgoingMessageRow };

export interface NewOutgoingMessage {
  /** What it tells of: told once, however often it is found. */
  id: string;
  tenantId: string;
  videoId: string;
  body: object;
}

export interface ClaimedMessage {
  id: string;
  body: unknown;
}

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
   * Some that are due, those first that have been for the longest; nobody else gets them until `forMs` are over. Whoever
   * dies meanwhile leaves them to be sent again.
   */
  claim(limit: number, { forMs }: { forMs: number }): Promise<ClaimedMessage[]> {
    return this.database.prisma.$queryRaw<ClaimedMessage[]>`
      WITH due AS (
        SELECT id FROM outgoing_messages WHERE state = 'pending' AND due_at <= now()
        ORDER BY due_at, created_at, id LIMIT ${limit} FOR UPDATE SKIP LOCKED
      )
      UPDATE outgoing_messages m SET attempts = attempts + 1, due_at = now() + ${forMs} * interval '1 millisecond'
      FROM due WHERE m.id = due.id RETURNING m.id, m.body`;
  }

  /** Whoever else may have claimed them by now: they are sent. */
  async sent(ids: readonly string[]): Promise<void> {
    await this.database.prisma.$executeRaw`
      UPDATE outgoing_messages SET state = 'sent', sent_at = now(), last_error = NULL WHERE id = ANY(${[...ids]}::text[])`;
  }

  /** Due again in 5 s, 10 s ..., a minute: what nobody takes stands in nobody's way. */
  async notSent(ids: readonly string[], error: string): Promise<void> {
    await this.database.prisma.$executeRaw`
      UPDATE outgoing_messages SET last_error = ${error.slice(0, MAX_ERROR_LENGTH)},
        due_at = now() + least(60, 5 * 2 ^ least(attempts - 1, 10)) * interval '1 second'
      WHERE id = ANY(${[...ids]}::text[]) AND state = 'pending'`;
  }
}
