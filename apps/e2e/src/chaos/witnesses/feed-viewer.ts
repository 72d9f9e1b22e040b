import { setTimeout as sleep } from 'node:timers/promises';
import { FeedReader } from '../../feed/feed-reader';
import type { ChaosFleet } from '../chaos-fleet';
import type { Watch } from '../checks/watches';

/** Between the end of a connection, or a replica that gives none, and the next try. */
const RETRY_MS = 100;
/** A killed program's sockets close a little before its end is known here. */
const END_IS_KNOWN_WITHIN_MS = 1_000;

/** Somebody who watches one camera for as long as the run lasts, and asks the next replica when one is gone. */
export class FeedViewer implements AsyncDisposable {
  /** Connections that have ended. */
  readonly watches: Watch[] = [];
  private feed: FeedReader | undefined;
  private readonly leaving = new AbortController();
  private readonly work: Promise<void>;

  constructor(
    private readonly fleet: ChaosFleet,
    private readonly of: { cameraId: string; camera: number },
  ) {
    this.work = this.watch();
  }

  /** Leaves; resolves when the last connection is among {@link watches}. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.leaving.abort();
    this.feed?.[Symbol.dispose]();
    await this.work;
  }

  private async watch(): Promise<void> {
    for (let turn = this.of.camera; !this.leaving.signal.aborted; turn++) {
      await this.watchAt(turn % this.fleet.replicas.length).catch(() => undefined);
      await sleep(RETRY_MS);
    }
  }

  private async watchAt(replica: number): Promise<void> {
    const { fleet, of, leaving } = this;
    const { id, program } = fleet.processes.replica(replica);
    using feed = await FeedReader.open(fleet.api(replica), of.cameraId, '?width=320');
    // Without its database a replica cannot tell who may see what: a viewer who comes then gets a 503.
    if (feed.response.statusCode !== 200 || leaving.signal.aborted) return;
    this.feed = feed;
    const fromMs = fleet.history.nowMs();
    await feed.ended;
    const toMs = fleet.history.nowMs();
    const endedAtMs = performance.now();
    const gone = program.exited.then(() => true);
    const end = leaving.signal.aborted
      ? 'left'
      : (await Promise.race([gone, sleep(END_IS_KNOWN_WITHIN_MS, false)]))
        ? 'replica died'
        : 'ended';
    const { fromMs: silentAtMs, lastsMs } = feed.longestSilence;
    const silence = { fromMs: Math.round(toMs + silentAtMs - endedAtMs), lastsMs: Math.round(lastsMs) };
    this.watches.push({ camera: of.camera, replica: id, fromMs, toMs, end, silence });
    fleet.history.note('viewer', { camera: of.camera, replica: id, end, silence });
  }
}
