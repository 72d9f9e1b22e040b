import type { ChosenModels, ClassifierEntry } from '@camfleet/vision';

/** A piece of a raw response: arrays, which stand before those of the same names in the result. */
export type ResultPart = Readonly<Record<string, readonly unknown[]>>;

/** What the job asks for, as `jobs.params` says; whoever reads it parses it with a schema of its own. */
export type JobParams = Readonly<Record<string, unknown>>;

/** Where a job is, for whoever waits, and for the worker that goes on when this one dies. */
export interface Progress {
  /** 0 to 1. */
  progress: number;
  /** Up to where the video is done, in ms; the analysis itself may be 2 s further: at most 5 s are ever done again. */
  timestampMs: number;
  /**
   * Makes what the analysis needs to go on here, as JSON: the position of the last frame that is done, and its own
   * state. Called only when a checkpoint is due (about every 2 s of video), and never after `report` has resolved.
   * All that it refers to must be stored: await the assets before.
   */
  checkpoint?: () => unknown;
}

export interface AnalysisTask {
  jobId: number;
  /** An http(s) address that needs no further key; with `Range`. */
  video: { url: string };
  params: JobParams;
  /** What a run before this one gave last; undefined at the first. Parse it: another version may have written it. */
  checkpoint?: unknown;
  /** Aborts when the lease is lost or the worker stops. */
  signal: AbortSignal;
  /**
   * To be awaited after each frame. Resolves at once, unless more than 3 s of video were done since the last checkpoint
   * that the API has: then when it has a newer one.
   */
  report(progress: Progress): Promise<void>;
  /**
   * Stores a file beside the video; the same name replaces it. Resolves when it is stored. Calls that are made
   * without waiting go out together: hold at most some MiB in them.
   */
  putAsset(name: string, contentType: string, bytes: Uint8Array): Promise<{ key: string }>;
  /**
   * Stores a piece of the result, of 1 MiB at most; the same index (from 0) replaces it. Resolves when it is stored: a
   * checkpoint made after it need not hold what it says, only how many there are.
   */
  putPart(index: number, part: ResultPart): Promise<void>;
}

export interface AnalysisResult {
  rawResponse: unknown;
  /** How many parts stand before it. None: it says all. */
  parts?: number;
  /** Which model said so; `none` of an analysis without one. */
  model: string;
  version: string;
  metadata: Record<string, unknown>;
}

/** One type of job. Runs in the job child: a crash costs one attempt and no camera. */
export interface Analysis {
  /** As in `analysis_type`. */
  readonly type: string;
  /** @throws SourceError, CamfleetError: their codes are what the user reads */
  run(task: AnalysisTask): Promise<AnalysisResult>;
}

/** What the worker has for its analyses. */
export interface AnalysisTools {
  modelsDirectory: string;
  models: ChosenModels;
  /** None: snapshots are not classified. */
  classifiers: readonly ClassifierEntry[];
  /** Where models are fetched from; left out: the package registry. */
  modelsBaseUrl?: string | undefined;
}
