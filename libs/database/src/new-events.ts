/** An event ready to be stored. */
export interface NewEvent {
  id: string;
  tenantId: string;
  type: string;
  cameraId?: string;
  videoId?: string;
  workerId?: string;
  epoch?: number;
  occurredAt: string;
  trackId?: string;
  state?: string;
  label?: string;
  score?: number;
  box?: readonly number[];
  quality?: unknown;
  snapshotKey?: string;
  model?: string;
  modelVersion?: string;
  embedding?: readonly number[];
  data?: unknown;
}

/** The names of the columns, as `append_events` reads them; embeddings go apart, counted from 1. */
export function toRows(events: readonly NewEvent[]): Record<string, unknown>[] {
  let start = 1;
  return events.map((event) => {
    const length = event.embedding?.length ?? 0;
    const row = { ...toColumns(event), vector_start: start, vector_length: length };
    start += length;
    return row;
  });
}

function toColumns(event: NewEvent): Record<string, unknown> {
  return {
    id: event.id,
    tenant_id: event.tenantId,
    type: event.type,
    camera_id: event.cameraId,
    video_id: event.videoId,
    worker_id: event.workerId,
    epoch: event.epoch,
    occurred_at: event.occurredAt,
    track_id: event.trackId,
    state: event.state,
    label: event.label,
    score: event.score,
    box: event.box,
    quality: event.quality,
    snapshot_key: event.snapshotKey,
    model: event.model,
    model_version: event.modelVersion,
    data: event.data,
  };
}
