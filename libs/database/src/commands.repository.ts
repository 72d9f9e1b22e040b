import { randomUUID } from 'node:crypto';
import type { CommandType } from '@camfleet/domain';
import type { Database, Queryable } from './database';
import type { Command as CommandRow } from './generated/client';

export type { CommandRow };

export interface NewCommand {
  tenantId: string;
  workerId: string;
  type: CommandType;
  cameraId?: string;
  epoch?: number;
  revision: number;
}

/** Of a command that is not finished, what heartbeats are held against. */
export type OpenCommand = Pick<
  CommandRow,
  'id' | 'workerId' | 'cameraId' | 'type' | 'epoch' | 'revision' | 'state' | 'expiresAt'
>;

/** A command is worth nothing after this: the heartbeat has long brought its effect. */
const COMMAND_TTL_MS = 60_000;

export interface IssuedCommand extends NewCommand {
  id: string;
  expiresAt: Date;
}

/** Writes the rows, in the transaction of what they order. Publishing comes after the commit. */
export async function issueCommands(
  tx: Queryable,
  commands: readonly NewCommand[],
): Promise<IssuedCommand[]> {
  if (commands.length === 0) return [];
  const issued = commands.map((command) => ({ ...command, id: randomUUID() }));
  const rows = await tx.$queryRaw<{ id: string; expiresAt: Date }[]>`
    INSERT INTO commands (id, tenant_id, worker_id, camera_id, type, epoch, revision, expires_at)
    SELECT c.id, c."tenantId", c."workerId", c."cameraId", c.type, c.epoch, c.revision,
      now() + ${COMMAND_TTL_MS} * interval '1 millisecond'
    FROM jsonb_to_recordset(${JSON.stringify(issued)}::jsonb) AS c (
      id text, "tenantId" text, "workerId" text, "cameraId" text, type text, epoch integer, revision integer
    )
    RETURNING id, expires_at AS "expiresAt"`;
  const expiries = new Map(rows.map(({ id, expiresAt }) => [id, expiresAt]));
  return issued.flatMap((command) => {
    const expiresAt = expiries.get(command.id);
    return expiresAt ? [{ ...command, expiresAt }] : [];
  });
}

export class CommandsRepository {
  constructor(private readonly database: Database) {}

  find(tenantId: string, id: string): Promise<CommandRow | null> {
    return this.database.prisma.command.findFirst({ where: { tenantId, id } });
  }

  findNewest(command: { type: CommandType; cameraId: string; epoch: number }): Promise<CommandRow | null> {
    return this.database.prisma.command.findFirst({ where: command, orderBy: { createdAt: 'desc' } });
  }

  /** Closes what no worker has carried out in time, be it that the worker is gone. */
  async expire(): Promise<void> {
    await this.database.prisma.$executeRaw`
      UPDATE commands SET state = 'expired', finished_at = now() WHERE finished_at IS NULL AND expires_at < now()`;
  }

  /** Those of these workers that are not finished, oldest first. */
  open(workerIds: readonly string[]): Promise<OpenCommand[]> {
    return this.database.prisma.$queryRaw<OpenCommand[]>`
      SELECT id, worker_id AS "workerId", camera_id AS "cameraId", type, epoch, revision, state,
        expires_at AS "expiresAt"
      FROM commands WHERE worker_id = ANY(${[...workerIds]}::text[]) AND finished_at IS NULL
      ORDER BY revision, created_at`;
  }

  /** One that somebody else is changing stays as it is: the next heartbeat brings the same again. */
  async mark({
    delivered,
    succeeded,
  }: {
    delivered: readonly string[];
    succeeded: readonly string[];
  }): Promise<void> {
    if (delivered.length > 0)
      await this.database.prisma.$executeRaw`
        UPDATE commands SET state = 'delivered', attempts = attempts + 1, delivered_at = coalesce(delivered_at, now())
        WHERE id IN (
          SELECT id FROM commands WHERE id = ANY(${[...delivered]}::text[]) AND finished_at IS NULL
          FOR UPDATE SKIP LOCKED
        )`;
    if (succeeded.length > 0)
      await this.database.prisma.$executeRaw`
        UPDATE commands SET state = 'succeeded', finished_at = now(), delivered_at = coalesce(delivered_at, now())
        WHERE id IN (
          SELECT id FROM commands WHERE id = ANY(${[...succeeded]}::text[]) AND finished_at IS NULL
          FOR UPDATE SKIP LOCKED
        )`;
  }

  /** What the worker says of a command. A finished one stays as it is. Answers `false` when there is none. */
  async finish(command: {
    id: string;
    workerId: string;
    /** `null`: of any tenant. */
    tenantId: string | null;
    state: 'succeeded' | 'failed';
    error?: string;
  }): Promise<boolean> {
    const rows = await this.database.prisma.$executeRaw`
      UPDATE commands SET
        state = CASE WHEN finished_at IS NULL THEN ${command.state} ELSE state END,
        error = CASE WHEN finished_at IS NULL THEN ${command.error ?? null} ELSE error END,
        finished_at = coalesce(finished_at, now())
      WHERE id = ${command.id} AND worker_id = ${command.workerId}
        AND tenant_id = coalesce(${command.tenantId}::text, tenant_id)`;
    return rows === 1;
  }
}
