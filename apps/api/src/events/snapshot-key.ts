import { createHash } from 'node:crypto';

/** Where an event's picture lies: by day, so that old ones go folder by folder; the id hashed, since workers choose it. */
export function snapshotKey(event: { tenantId: string; id: string; occurredAt: string }): string {
  const name = createHash('sha256').update(event.id).digest('hex').slice(0, 32);
  const day = new Date(event.occurredAt).toISOString().slice(0, 10);
  return `events/${encodeURIComponent(event.tenantId)}/${day}/${name}.jpg`;
}
