import type { CameraReport, HeartbeatRequest } from '@camfleet/protocol';
import type { Database } from './database';

/** One worker's heartbeat, as far as the database has to know of it. */
export interface LeaseRenewal {
  workerId: string;
  instanceId: string;
  /** Whose workers the caller may speak for; `null`: any tenant's. */
  tenantId: string | null;
  /** Of `figures.cameras`: differs when readers would see a change. */
  digest: string;
  /** What is to be stored of it; `null`: what is stored of a report with this digest stays. */
  figures: Pick<HeartbeatRequest, 'load' | 'outbox' | 'cameras'> | null;
}

export interface RenewedLease {
  kind: 'renewed';
  tenantId: string;
  name: string;
  state: string;
  previousState: string;
  revision: number;
  /** What was stored before, when its digest was another; `null`: it says the same. */
  previousReport: CameraReport[] | null;
  /** Commands that are not finished. */
  openCommands: boolean;
  /** Assignments that no heartbeat has reported as streaming yet. */
  unconfirmed: boolean;
}

export type RenewalOutcome =
  | RenewedLease
  | { kind: 'refused'; code: 'WORKER_REMOVED' | 'WORKER_REPLACED' | 'WORKER_NOT_REGISTERED' }
  /** Somebody is changing the worker's row: ask again. */
  | { kind: 'locked' };

/** Leases, renewed for many workers at once. */
export class LeasesRepository {
  constructor(private readonly database: Database) {}

  /**
   * Renews all leases in one statement, and answers each in the order given. No instance may be named twice.
   * A row that is locked is passed over, so that one worker that is being changed keeps no other waiting.
   */
  async renew(renewals: readonly LeaseRenewal[], leaseTtlMs: number): Promise<RenewalOutcome[]> {
    const rows = await this.renewAll(renewals, leaseTtlMs);
    const renewed = new Map(rows.map((row) => [row.workerId, row]));
    const missing = renewals.filter((renewal) => !isOf(renewed.get(renewal.workerId), renewal));
    const refusals =
      missing.length > 0 ? await this.explain(missing) : new Map<LeaseRenewal, RenewalOutcome>();
    return renewals.map(
      (renewal): RenewalOutcome =>
        refusals.get(renewal) ?? renewed.get(renewal.workerId) ?? { kind: 'locked' },
    );
  }

  private renewAll(
    renewals: readonly LeaseRenewal[],
    leaseTtlMs: number,
  ): Promise<(RenewedLease & { workerId: string; instanceId: string })[]> {
    return this.database.prisma.$queryRaw`
      WITH beat AS (
        SELECT * FROM unnest(
          ${renewals.map(({ workerId }) => workerId)}::text[], ${renewals.map(({ instanceId }) => instanceId)}::text[],
          ${renewals.map(({ tenantId }) => tenantId)}::text[], ${renewals.map(({ digest }) => digest)}::text[],
          ${renewals.map(({ figures }) => figures && JSON.stringify(figures))}::jsonb[]
        ) AS b (id, instance_id, tenant_id, digest, figures)
      ), old AS (
        SELECT w.id, w.state, b.digest, b.figures,
          CASE WHEN w.report_digest IS DISTINCT FROM b.digest THEN w.report END AS report
        FROM workers w JOIN beat b ON b.id = w.id AND b.instance_id = w.instance_id
        WHERE w.state NOT IN ('lost', 'removed') AND w.tenant_id = coalesce(b.tenant_id, w.tenant_id)
        ORDER BY w.id FOR UPDATE OF w SKIP LOCKED
      )
      UPDATE workers w SET
        last_heartbeat_at = now(),
        lease_until = now() + ${leaseTtlMs} * interval '1 millisecond',
        load = coalesce(old.figures->'load', w.load),
        outbox = coalesce(old.figures->'outbox', w.outbox),
        report = coalesce(old.figures->'cameras', w.report),
        report_digest = CASE WHEN old.figures IS NULL THEN w.report_digest ELSE old.digest END,
        state = CASE WHEN w.state NOT IN ('registered', 'suspect') THEN w.state
          WHEN w.drain_wanted THEN 'draining' ELSE 'online' END
      FROM old WHERE w.id = old.id
      RETURNING 'renewed' AS kind, w.id AS "workerId", w.instance_id AS "instanceId", w.tenant_id AS "tenantId",
        w.name, w.state, old.state AS "previousState", w.revision, old.report AS "previousReport",
        EXISTS (SELECT 1 FROM commands c WHERE c.worker_id = w.id AND c.finished_at IS NULL) AS "openCommands",
        EXISTS (SELECT 1 FROM assignments a WHERE a.worker_id = w.id AND a.state = 'assigned') AS "unconfirmed"`;
  }

  /** Why those leases were not renewed. */
  private async explain(missing: readonly LeaseRenewal[]): Promise<Map<LeaseRenewal, RenewalOutcome>> {
    const rows = await this.database.prisma.$queryRaw<StandingRow[]>`
      SELECT id, instance_id AS "instanceId", tenant_id AS "tenantId", state FROM workers
      WHERE id = ANY(${missing.map(({ workerId }) => workerId)}::text[])`;
    const standing = new Map(rows.map((row) => [row.id, row]));
    return new Map(missing.map((renewal) => [renewal, verdict(renewal, standing.get(renewal.workerId))]));
  }
}

interface StandingRow {
  id: string;
  instanceId: string;
  tenantId: string;
  state: string;
}

function isOf(row: { instanceId: string } | undefined, renewal: LeaseRenewal): boolean {
  return row?.instanceId === renewal.instanceId;
}

function verdict(renewal: LeaseRenewal, row: StandingRow | undefined): RenewalOutcome {
  const isOwn = renewal.tenantId === null || renewal.tenantId === row?.tenantId;
  if (!row || !isOwn) return { kind: 'refused', code: 'WORKER_NOT_REGISTERED' };
  if (row.state === 'removed') return { kind: 'refused', code: 'WORKER_REMOVED' };
  if (row.instanceId !== renewal.instanceId) return { kind: 'refused', code: 'WORKER_REPLACED' };
  if (row.state === 'lost') return { kind: 'refused', code: 'WORKER_NOT_REGISTERED' };
  return { kind: 'locked' };
}
