import type { CameraReport, HeartbeatRequest } from '@camfleet/protocol';
import { Inject, Injectable } from '@nestjs/common';
import { API_OPTIONS, type ApiOptions } from '../core/api-options';
import { digestOf, summaryOfAll } from './report-summary';

/**
 * A report in which nothing but the moving figures (frame rate, time of the last frame, load) changed is stored
 * again after a while, the longer the more workers there are: so old may they be for readers of other replicas.
 */
const STORE_PER_SECOND = 400;
const STORE_SOONEST_MS = 900;
const STORE_LATEST_MS = 5_000;
/** Heartbeats in a row that may be missing before what the database says counts as newer. */
const FRESH_HEARTBEATS = 2.5;
/** Workers remembered; the one that was heard of longest ago is forgotten first, and costs a write when it is back. */
const MAX_WORKERS = 10_000;

interface Latest {
  instanceId: string;
  summary: string;
  digest: string;
  reports: readonly CameraReport[];
  heardAtMs: number;
  storedAtMs: number;
}

/** What the workers that beat at this replica said last: fresher than the database, and what it holds of it. */
@Injectable()
export class LatestReports {
  private readonly latest = new Map<string, Latest>();

  constructor(@Inject(API_OPTIONS) private readonly options: ApiOptions) {}

  /** The report's digest, and whether it has to be stored. */
  hear(
    workerId: string,
    { instanceId, cameras }: HeartbeatRequest,
  ): { digest: string; isDue: boolean; stored: () => void } {
    const nowMs = performance.now();
    const summary = summaryOfAll(cameras);
    const known = this.latest.get(workerId);
    const isSame = known?.instanceId === instanceId && known.summary === summary;
    const digest = isSame ? known.digest : digestOf(summary);
    const isDue = !isSame || nowMs - known.storedAtMs >= this.storeEveryMs;
    const entry: Latest = {
      instanceId,
      summary,
      digest,
      reports: cameras,
      heardAtMs: nowMs,
      storedAtMs: isSame ? known.storedAtMs : -Infinity,
    };
    this.latest.delete(workerId);
    this.latest.set(workerId, entry);
    this.forgetOldest();
    return { digest, isDue, stored: () => (entry.storedAtMs = nowMs) };
  }

  forget(workerId: string): void {
    this.latest.delete(workerId);
  }

  /** What a worker said last, when it said it here and just now. */
  ofWorker(workerId: string): readonly CameraReport[] | undefined {
    const known = this.latest.get(workerId);
    const freshMs = this.options.config.heartbeatIntervalMs * FRESH_HEARTBEATS;
    return known && performance.now() - known.heardAtMs <= freshMs ? known.reports : undefined;
  }

  /** The same of one camera in one epoch. */
  of(workerId: string, { cameraId, epoch }: { cameraId: string; epoch: number }): CameraReport | undefined {
    return this.ofWorker(workerId)?.find((report) => report.cameraId === cameraId && report.epoch === epoch);
  }

  private get storeEveryMs(): number {
    const spreadMs = (1000 * this.latest.size) / STORE_PER_SECOND;
    return Math.min(STORE_LATEST_MS, Math.max(STORE_SOONEST_MS, spreadMs));
  }

  private forgetOldest(): void {
    if (this.latest.size <= MAX_WORKERS) return;
    for (const oldest of this.latest.keys()) {
      this.latest.delete(oldest);
      return;
    }
  }
}
