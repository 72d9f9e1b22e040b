import type { CameraRow, ServingAssignment } from '@camfleet/database';
import { Camera, type SourceView, type StreamStatus } from '@camfleet/protocol';

/** What a client sees of a camera's stream. */
export function toStatus(
  row: Pick<CameraRow, 'desired' | 'epoch' | 'reason'>,
  { assignment, viewers }: { assignment?: ServingAssignment; viewers: number },
): StreamStatus {
  const report = assignment?.report;
  const running = row.desired === 'running';
  const reason = running
    ? (report?.reason ?? (assignment ? undefined : (row.reason ?? WAITING)))
    : (row.reason ?? undefined);
  return {
    // A worker that has not heard of a start yet may still report the stop before it.
    state: running ? (report && report.state !== 'stopped' ? report.state : 'starting') : 'stopped',
    desired: running ? 'running' : 'stopped',
    workerId: (running && assignment?.workerId) || null,
    epoch: assignment?.epoch ?? row.epoch,
    fps: (running && report?.fps) || null,
    width: report?.width ?? null,
    height: report?.height ?? null,
    codec: report?.codec ?? null,
    lastFrameAt: report?.lastFrameAt ?? null,
    viewers,
    restarts: report?.restarts ?? 0,
    ...(reason !== undefined && { reason }),
    ...(running && report?.analysis && { analysis: report.analysis }),
  };
}

const WAITING = 'NO_WORKER_AVAILABLE: not placed yet.';

export function toView(row: CameraRow, stream: StreamStatus): Camera {
  return Camera.parse({
    id: row.id,
    name: row.name,
    number: row.number,
    code: row.code,
    section: row.section,
    siteId: row.siteId,
    labels: row.labels,
    source: toSourceView(row),
    require: row.require,
    prefer: row.prefer,
    priority: row.priority,
    analysis: row.analysis,
    zones: row.zones,
    output: row.output,
    desired: row.desired,
    stream,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  });
}

function toSourceView(row: CameraRow): SourceView {
  return {
    ...(row.sourceOptions as object),
    url: row.sourceUrl,
    username: row.sourceUsername ?? undefined,
    hasPassword: row.sourcePassword !== null,
  };
}
