import { LinkedAbort } from '@camfleet/domain';
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { ClipUpload } from '@camfleet/protocol';
import type { Logger } from '@camfleet/telemetry';
import { request } from 'undici';
import { BackOff } from '../capture/back-off';
import type { ApiAnswer, ApiClient } from '../fleet/api-client';
import { pause } from '../fleet/pause';
import { type WaitingClip, removeHalfWritten, waitingClips, withinBound } from './clip-files';

const CALL_TIMEOUT_MS = 15_000;
const UPLOAD_TIMEOUT_MS = 120_000;
/**
 * Of a clip that began so much before the oldest event that still waits, the API knows the event, or has rejected it.
 * Ample: events of several cameras wait in the order in which they came in.
 */
const MAX_WAIT_FOR_EVENT_MS = 10 * 60_000;

export interface ClipDeliveryOptions {
  directory: string;
  api: ApiClient;
  workerId: string;
  logger: Logger;
  /** The API has been told all events that occurred before (fleet clock, Unix ms). */
  eventsToldUntilMs: () => number;
  /** How long it waits after a failure. */
  retry?: { firstMs: number; capMs: number };
}

/** Carries finished clips to where the API says, one after another, and forgets each when the API has it. */
export class ClipDelivery {
  private readonly stopping = new AbortController();
  private readonly backOff: BackOff;
  private readonly running: Promise<void>;
  private asked = true;
  private wake: () => void = () => undefined;

  constructor(private readonly options: ClipDeliveryOptions) {
    this.backOff = new BackOff(options.retry ?? { firstMs: 500, capMs: 30_000 });
    this.running = this.run();
  }

  /** A clip waits. */
  request(): void {
    this.asked = true;
    this.wake();
  }

  /** The rest stays on disk for the next start. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.wake();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    const { directory, logger } = this.options;
    await removeHalfWritten(directory).catch((err: unknown) => logger.warn({ err }, 'clips.not-cleaned'));
    while (!signal.aborted) {
      this.asked = false;
      const isDone = await this.deliverAll().catch((err: unknown) => this.notDelivered(err));
      if (!isDone) await pause(this.backOff.nextMs(), signal);
      else await this.untilAsked();
    }
  }

  private async untilAsked(): Promise<void> {
    this.backOff.reset();
    if (this.asked || this.stopping.signal.aborted) return;
    await new Promise<void>((resolve) => (this.wake = resolve));
  }

  /** False when one of them has to be tried again. */
  private async deliverAll(): Promise<boolean> {
    const { kept, lost } = await withinBound(await waitingClips(this.options.directory));
    if (lost > 0) this.options.logger.warn({ lost }, 'clips.lost');
    let isDone = true;
    for (const clip of kept) {
      if (this.stopping.signal.aborted) return false;
      // One that cannot be stored holds up no other.
      const isOver = await this.deliver(clip).catch((err: unknown) => this.notDelivered(err));
      if (isOver) await rm(clip.path, { force: true });
      isDone &&= isOver;
    }
    return isDone;
  }

  private notDelivered(err: unknown): false {
    if (!this.stopping.signal.aborted) this.options.logger.warn({ err }, 'clips.not-delivered');
    return false;
  }

  /** True when the file is needed no more. */
  private async deliver(clip: WaitingClip): Promise<boolean> {
    const path = `/api/events/${encodeURIComponent(clip.eventId)}/clip`;
    const { sizeBytes } = clip;
    const startedAt = new Date(clip.startMs).toISOString();
    // Before the call: its event may be told while the answer is on its way.
    const toldUntilMs = this.options.eventsToldUntilMs();
    const begun = await this.call(path, { workerId: this.options.workerId, sizeBytes, startedAt });
    if (begun.errorCode === 'EVENT_NOT_FOUND') return toldUntilMs - clip.startMs > MAX_WAIT_FOR_EVENT_MS;
    if (mayBeTakenLater(begun)) return false;
    const upload = ClipUpload.safeParse(begun.body);
    if (!upload.success) {
      this.options.logger.warn({ status: begun.status, code: begun.errorCode }, 'clip.refused');
      return true;
    }
    if (upload.data.uploadUrl === null) return true;
    await this.put(new URL(upload.data.uploadUrl, begun.url).href, clip);
    const completed = await this.call(`${path}/complete`, { workerId: this.options.workerId });
    return !mayBeTakenLater(completed);
  }

  private async put(url: string, { path, sizeBytes }: WaitingClip): Promise<void> {
    using ending = new LinkedAbort([this.stopping.signal, AbortSignal.timeout(UPLOAD_TIMEOUT_MS)]);
    const { statusCode, body } = await request(url, {
      method: 'PUT',
      headers: { 'content-type': 'video/mp4', 'content-length': String(sizeBytes) },
      body: createReadStream(path),
      signal: ending.signal,
    });
    await body.dump();
    if (statusCode >= 300) throw new Error(`The store answered ${statusCode}.`);
  }

  private call(path: string, body: object): Promise<ApiAnswer> {
    const { signal } = this.stopping;
    return this.options.api.call({ method: 'POST', path, body, timeoutMs: CALL_TIMEOUT_MS, signal });
  }
}

function mayBeTakenLater({ status }: ApiAnswer): boolean {
  // 404 without the code of events: it was not the API that spoke.
  return status >= 500 || status === 429 || status === 401 || status === 404;
}
