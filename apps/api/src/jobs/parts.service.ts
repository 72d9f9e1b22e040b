import { JobPartsRepository } from '@camfleet/database';
import { CamfleetError } from '@camfleet/domain';
import type { JobPart } from '@camfleet/protocol';
import { Injectable } from '@nestjs/common';
import type { Principal } from '../auth/principal';
import { holderOf, leaseLost, LeasesService } from './leases.service';
import { ResultSinks } from './result-sinks';

const MAX_PART_BYTES = 2 * 1024 * 1024;
/** Of one job, where rows are made of what they say. */
const MAX_JOB_BYTES = 1024 ** 3;
/** Where they are only kept: as much as one result may be. */
const MAX_KEPT_BYTES = 16 * 1024 * 1024;

/** Takes what a long job has found by now, so that neither its checkpoints nor its result grow with the video. */
@Injectable()
export class PartsService {
  constructor(
    private readonly leases: LeasesService,
    private readonly parts: JobPartsRepository,
    private readonly sinks: ResultSinks,
  ) {}

  /** Throws `LEASE_LOST`, `BODY_TOO_LARGE`, or `RESULT_INVALID` when nobody could read it; the lease is as it was. */
  async take(caller: Principal, request: JobPart): Promise<void> {
    const { analysisType } = await this.leases.find(caller, request.job_id);
    const sink = this.sinks.find(analysisType);
    if (sink && !sink.part)
      throw new CamfleetError('RESULT_INVALID', `What ${analysisType} says comes in one piece.`);
    const [issue] = sink?.part?.safeParse(request.raw_response).error?.issues ?? [];
    if (issue)
      throw new CamfleetError(
        'RESULT_INVALID',
        `${['raw_response', ...issue.path].join('.')}: ${issue.message}`,
      );
    if (JSON.stringify(request.raw_response).length > MAX_PART_BYTES)
      throw new CamfleetError('BODY_TOO_LARGE', 'A part is 2 MiB at most.');
    const word = await this.parts.put(holderOf(request), {
      index: request.index,
      part: request.raw_response,
      maxJobBytes: sink ? MAX_JOB_BYTES : MAX_KEPT_BYTES,
    });
    if (word === 'lost') throw leaseLost();
    if (word === 'too-large')
      throw new CamfleetError('BODY_TOO_LARGE', 'The parts of this job are too many.');
  }
}
