import type { Logger } from '@camfleet/telemetry';
import type { OutboxLedger } from './outbox-ledger';
import { RejectedFile } from './rejected-file';
import type { SegmentStore } from './segment-store';

/**
 * Takes the records that another version wrote, and this one cannot read, out of the outbox: they are counted as
 * rejected and written down. A crash or a full disk in the middle costs repeats, of lines and of deliveries.
 */
export async function setUnreadableAside({
  store,
  ledger,
  directory,
  logger,
}: {
  store: SegmentStore;
  ledger: OutboxLedger;
  directory: string;
  logger: Logger;
}): Promise<void> {
  const rejectedFile = new RejectedFile(directory);
  for (const [number, records] of store.unreadable) {
    const { segment, delivered, rejected } = ledger.state;
    const done = number < segment ? Infinity : number === segment ? delivered : 0;
    const lost = records.filter(({ index }) => index >= done);
    if (lost.length > 0) logger.error({ count: lost.length }, 'outbox.unreadable');
    await rejectedFile.addUnreadable(lost).catch(() => undefined);
    const change = { rejected: rejected + lost.length };
    const gone = records.length - lost.length;
    await ledger.note(number === segment ? { ...change, delivered: delivered - gone } : change);
    await store
      .forgetUnreadable(number)
      .catch((err: unknown) => logger.error({ err }, 'outbox.not-writable'));
  }
}
