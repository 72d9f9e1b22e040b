import type { VideoAnalysis } from '@camfleet/protocol';
import { Signal } from '../../api/signal';

export type UploadState = 'waiting' | 'sending' | 'paused' | 'failed' | 'refused';

/** What is to be sent, and what goes with it. */
export interface NewUpload {
  file: File;
  /** What it is looked through for as soon as it is there. */
  analyses: VideoAnalysis[];
  /** When its first picture was taken, ISO; undefined: nobody knows. */
  recordedAt?: string | undefined;
  /** The server may have some of it, sent with an earlier choice of analyses. */
  isResumed?: boolean;
}

/** One file on its way to the server. */
export interface Upload extends NewUpload {
  key: number;
  state: UploadState;
  sentBytes: number;
  /** Nothing comes through just now: it is tried again by itself. */
  held?: boolean;
  /** Why it failed (it may be tried again), or why it is not taken. */
  problem?: string;
}

/** A running upload. Started again, it goes on where the server has it up to. */
export interface Transfer {
  pause(): void;
  /** The server forgets what it has of it. */
  cancel(): void;
}

export interface TransferEvents {
  onProgress(sentBytes: number): void;
  onDone(videoId: string): void;
  /** Nothing comes through; it goes on by itself. */
  onHeld(): void;
  /** @param problem a sentence for people; `final`: the same file would be turned down again */
  onFailed(problem: string, options?: { final?: boolean }): void;
}

export type StartTransfer = (upload: NewUpload, events: TransferEvents) => Transfer;

export interface UploadQueueOptions {
  start: StartTransfer;
  /** Why a file is not sent at all. */
  check: (file: File) => string | undefined;
  /** It is a video now, and no upload any more. */
  onDone: (upload: Upload, videoId: string) => void;
}

/** Sent at once; browsers open six connections, and pages need some of them. */
const AT_ONCE = 2;

/** Files on their way, whatever page is open. Nothing of it outlives the page but what the server has. */
export class UploadQueue {
  readonly uploads = new Signal<readonly Upload[]>([]);
  private readonly transfers = new Map<number, Transfer>();
  private keys = 0;

  constructor(private readonly options: UploadQueueOptions) {}

  add(uploads: readonly NewUpload[]): void {
    const added = uploads.map((upload): Upload => {
      const problem = this.options.check(upload.file);
      const state = problem === undefined ? 'waiting' : 'refused';
      return { ...upload, key: ++this.keys, state, sentBytes: 0, problem };
    });
    this.uploads.set([...this.uploads.get(), ...added]);
    this.startNext();
  }

  pause(key: number): void {
    if (!this.is(key, ['waiting', 'sending'])) return;
    this.transfers.get(key)?.pause();
    this.change(key, { state: 'paused' });
    this.startNext();
  }

  /** Goes on with what was paused or has failed. */
  resume(key: number): void {
    if (!this.is(key, ['paused', 'failed'])) return;
    this.change(key, { state: 'waiting', problem: undefined });
    this.startNext();
  }

  /** Gives it up: the server forgets what it has of it. */
  cancel(key: number): void {
    this.transfers.get(key)?.cancel();
    this.takeOff(key);
  }

  /** Stops sending, for when nobody is signed in any more. */
  pauseAll(): void {
    for (const { key } of this.uploads.get()) this.pause(key);
  }

  private startNext(): void {
    const uploads = this.uploads.get();
    const free = AT_ONCE - uploads.filter(({ state }) => state === 'sending').length;
    for (const upload of uploads.filter(({ state }) => state === 'waiting').slice(0, Math.max(0, free)))
      this.send(upload);
  }

  private send(upload: Upload): void {
    const { key } = upload;
    this.change(key, { state: 'sending', held: false });
    // What a transfer says after it was paused or given up is of no interest.
    const whileSending = (then: () => void) => this.is(key, ['sending']) && then();
    const transfer = this.options.start(upload, {
      onProgress: (sentBytes) => whileSending(() => this.change(key, { sentBytes, held: false })),
      onHeld: () => whileSending(() => this.change(key, { held: true })),
      onDone: (videoId) =>
        whileSending(() => {
          this.takeOff(key);
          this.options.onDone(upload, videoId);
        }),
      onFailed: (problem, { final = false } = {}) =>
        whileSending(() => {
          // What was turned down is a refused video by now, with its log: hidden here, it stays there.
          if (final) this.transfers.delete(key);
          this.change(key, { state: final ? 'refused' : 'failed', problem });
          this.startNext();
        }),
    });
    this.transfers.set(key, transfer);
  }

  private takeOff(key: number): void {
    this.transfers.delete(key);
    this.uploads.set(this.uploads.get().filter((upload) => upload.key !== key));
    this.startNext();
  }

  private change(key: number, change: Partial<Upload>): void {
    this.uploads.set(
      this.uploads.get().map((upload) => (upload.key === key ? { ...upload, ...change } : upload)),
    );
  }

  private is(key: number, states: readonly UploadState[]): boolean {
    const state = this.uploads.get().find((upload) => upload.key === key)?.state;
    return state !== undefined && states.includes(state);
  }
}
