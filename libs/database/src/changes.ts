import { CHANGES_CHANNEL } from './notifications';
import type { Queryable } from './database';

export type Change = { kind: 'camera' | 'worker' | 'video'; id: string };

/** Tells every replica, once the transaction is committed, that something changed. */
export async function announce(tx: Queryable, changes: readonly Change[]): Promise<void> {
  if (changes.length === 0) return;
  const payloads = [...new Set(changes.map((change) => `${change.kind}:${change.id}`))];
  await tx.$executeRaw`SELECT pg_notify(${CHANGES_CHANNEL}, payload) FROM unnest(${payloads}::text[]) AS payload`;
}

export function parseChange(payload: string): Change | null {
  const at = payload.indexOf(':');
  const kind = payload.slice(0, at);
  return kind === 'camera' || kind === 'worker' || kind === 'video'
    ? { kind, id: payload.slice(at + 1) }
    : null;
}

/** The key or user whose access changed: `announce_access()` in the migrations tells it. */
export function parseAccess(payload: string): string | null {
  return payload.startsWith('access:') ? payload.slice('access:'.length) : null;
}
