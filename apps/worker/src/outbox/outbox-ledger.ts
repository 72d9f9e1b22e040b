import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const LedgerState = z.object({
  /** The segment that is being delivered, and how many of its records the API has. */
  segment: z.number().int(),
  delivered: z.number().int(),
  lostEvents: z.number().int(),
  lostSnapshots: z.number().int(),
  rejected: z.number().int(),
  /** A loss that is counted above and, after a crash, still to be carried out. */
  pending: z.object({ action: z.enum(['strip', 'drop']), segment: z.number().int() }).nullable(),
});
export type LedgerState = z.infer<typeof LedgerState>;

/** The few numbers beside the segments. Written anew each time and put in place by a rename. */
export class OutboxLedger {
  state: LedgerState = {
    segment: 0,
    delivered: 0,
    lostEvents: 0,
    lostSnapshots: 0,
    rejected: 0,
    pending: null,
  };

  private constructor(private readonly path: string) {}

  /** A missing or broken file costs repeats, which the API knows by their ids, and no event. */
  static async open(directory: string): Promise<OutboxLedger> {
    const ledger = new OutboxLedger(join(directory, 'ledger.json'));
    try {
      ledger.state = LedgerState.parse(JSON.parse(await readFile(ledger.path, 'utf8')));
    } catch {
      // The first start, or a file that a power loss broke.
    }
    return ledger;
  }

  /** Durable when it resolves; when it rejects, nothing has changed. */
  async change(change: Partial<LedgerState>): Promise<void> {
    const next = { ...this.state, ...change };
    await writeFile(`${this.path}.new`, JSON.stringify(next));
    await rename(`${this.path}.new`, this.path);
    this.state = next;
  }

  /** Holds for this run even on a full disk; after a crash it would cost repeats alone. */
  async note(change: Partial<LedgerState>): Promise<void> {
    const next = { ...this.state, ...change };
    await this.change(change).catch(() => (this.state = next));
  }
}
