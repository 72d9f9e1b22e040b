import { CamfleetError } from '@camfleet/domain';
import type { ClaimScope } from '@camfleet/database';
import type { ClaimRequest } from '@camfleet/protocol';
import { Injectable } from '@nestjs/common';
import { type Principal, tenantOfWorkers } from '../auth/principal';
import { WorkerLookup } from '../workers/worker-lookup';

/** Who may get which jobs. */
@Injectable()
export class Claimants {
  constructor(private readonly workers: WorkerLookup) {}

  /**
   * A worker that registered gets jobs of its tenant and of the analyses that it said it can do, and none while it
   * drains; one that did not, of its key's tenant and of the types it names. `null`: none at all.
   */
  async scopeOf(caller: Principal, request: ClaimRequest): Promise<ClaimScope | null> {
    const tenantId = tenantOfWorkers(caller);
    const named = request.analysis_types ?? null;
    const worker = await this.workers.find(request.worker_id);
    if (!worker) return { tenantId, analysisTypes: sorted(named), isRegistered: false };
    if (tenantId !== null && worker.tenantId !== tenantId)
      throw new CamfleetError('FORBIDDEN', `The worker id ${worker.id} belongs to another tenant.`);
    if (worker.state === 'removed')
      throw new CamfleetError('WORKER_REMOVED', `The worker ${worker.id} was removed.`);
    if (worker.state === 'draining' || worker.state === 'drained') return null;
    const able = named ? named.filter((type) => worker.analyses.includes(type)) : worker.analyses;
    if (able.length === 0) return null;
    return { tenantId: worker.tenantId, analysisTypes: sorted(able), isRegistered: true };
  }
}

/** Those who may do the same are served together. */
function sorted(types: readonly string[] | null): string[] | null {
  return types && [...new Set(types)].sort();
}
