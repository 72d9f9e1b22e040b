import type { CorrectionRequest } from '@camfleet/protocol';
import type { Visit } from '../events/visit';

/**
 * What takes a word back: the visit shows again whom it showed before. A denial of somebody holds for later visits too,
 * and is taken back by saying that it was them; so the denied one is preferred over whom the visit showed.
 */
export function undoOf({ person }: Visit, { not }: CorrectionRequest): CorrectionRequest {
  return { personId: not?.[0] ?? person?.id ?? null };
}
