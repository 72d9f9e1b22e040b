import type { CameraReport } from '@camfleet/protocol';
import { createHash } from 'node:crypto';

/** What a reader would see of a camera's report as a change; figures that move all the time are left out. */
export function summaryOf(report: CameraReport): string {
  const { state, reason, width, height, codec, restarts, analysis } = report;
  return [state, reason, width, height, codec, restarts, analysis?.objects].join('|');
}

/** The same for all cameras of a worker; equal on every replica. */
export function summaryOfAll(reports: readonly CameraReport[]): string {
  return JSON.stringify(reports.map((report) => [report.cameraId, report.epoch, summaryOf(report)]));
}

export function digestOf(summary: string): string {
  return createHash('sha1').update(summary).digest('base64');
}
