import type { PersonRow } from '@camfleet/database';
import type { Person } from '@camfleet/protocol';

/** A stored person as readers see them. */
export function toPerson(row: PersonRow): Person {
  const { id, name, faces, visits } = row;
  return {
    ...{ id, name, faces, visits },
    notes: row.notes ?? undefined,
    lastSeenAt: row.lastSeenAt?.toISOString() ?? null,
    pictureUrl: row.faceId === null ? undefined : pictureUrl(id, row.faceId),
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

export function pictureUrl(personId: string, faceId: string): string {
  return `/api/people/${personId}/faces/${faceId}/picture.jpg`;
}

export function snapshotUrl(eventId: string): string {
  return `/api/events/${encodeURIComponent(eventId)}/snapshot.jpg`;
}
