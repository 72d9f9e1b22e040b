import type { Transaction } from '@camfleet/database';
import type { z } from 'zod';

/** The job whose result is stored. */
export interface FinishedJob {
  id: number;
  tenantId: string;
  eventId: string;
  videoId: string | null;
  analysisType: string;
  params: Record<string, unknown>;
  /** 2 and more: an earlier result, of other parameters, is replaced. */
  run: number;
  workerId: string;
  model: string;
  version: string;
  metadata: Record<string, unknown>;
}

/** Makes rows of the results of one analysis. */
export interface ResultSink<Schema extends z.ZodType = z.ZodType, Part extends z.ZodType = z.ZodType> {
  readonly analysisType: string;
  /** A raw response that it refuses is answered 422 `RESULT_INVALID`, and is a failed attempt. */
  readonly schema: Schema;
  /** Of the parts that may come before the raw response; none: its results come in one piece. */
  readonly part?: Part;
  /**
   * In the transaction that stores the raw result, its job and video locked: what it throws undoes all of it. A
   * `CamfleetError` `RESULT_INVALID` is a failed attempt as well; anything else leaves the lease as it is. It may be called again for a
   * job (a new run; a worker that asks twice): what it wrote before is to be replaced. `parts` come one at a time, in
   * their order, before what is in `raw`; they are read from the database as they are asked for.
   */
  store(
    transaction: Transaction,
    result: { job: FinishedJob; raw: z.output<Schema>; parts: AsyncIterable<z.output<Part>> },
  ): Promise<void>;
}
