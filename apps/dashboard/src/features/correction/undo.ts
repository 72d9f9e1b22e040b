import type { CorrectionRequest, EventView } from '@camfleet/protocol';
import type { Visit } from '../events/visit';

/**
 * What is still to be said once a word was taken back and the visit was judged anew (`now`): whom it showed before, where
 * that was a user's word, too, or is judged otherwise by now. `null`: nothing. «Nobody» is a word as well, which would
 * hold against every later face: a visit that showed nobody is left to be judged.
 */
export function restOfUndo(
  { person }: Pick<Visit, 'person'>,
  now: Pick<EventView, 'personId'>,
): CorrectionRequest | null {
  return person && now.personId !== person.id ? { personId: person.id } : null;
}
