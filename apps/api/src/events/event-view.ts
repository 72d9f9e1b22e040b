import type { EventRow } from '@camfleet/database';
import { EventView } from '@camfleet/protocol';

/** A stored event as its readers see it; in a list of visits the snapshot is that of the visit's best event. */
export function toEventView(row: EventRow): EventView {
  const pictureOf = typeof row.data.bestEventId === 'string' ? row.data.bestEventId : row.id;
  return EventView.parse({
    id: row.id,
    sequence: Number(row.sequence),
    type: row.type,
    cameraId: row.cameraId ?? undefined,
    cameraName: row.cameraName ?? undefined,
    videoId: row.videoId ?? undefined,
    videoName: row.videoName ?? undefined,
    clipVideoId: row.clipVideoId ?? undefined,
    workerId: row.workerId ?? undefined,
    epoch: row.epoch ?? undefined,
    occurredAt: row.occurredAt.toISOString(),
    receivedAt: row.receivedAt.toISOString(),
    trackId: row.trackId ?? undefined,
    state: row.state ?? undefined,
    label: row.label ?? undefined,
    score: row.score ?? undefined,
    box: row.box.length === 4 ? row.box : undefined,
    quality: row.quality ?? undefined,
    personId: row.personId ?? undefined,
    personName: row.personName ?? undefined,
    personScore: row.personScore ?? undefined,
    snapshotUrl: row.snapshotKey ? `/api/events/${encodeURIComponent(pictureOf)}/snapshot.jpg` : undefined,
    data: row.data,
  });
}
