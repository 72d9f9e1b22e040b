import { until } from '@camfleet/testing';
import type { ApiClient } from '../fleet/api-client';

const WITHIN_MS = 120_000;

export interface Visitor {
  personId: string;
  /** The visit by which they are known from now on. */
  trackId: string;
}

/** Makes a person of the first visitor whose face is good enough, by an event of theirs. */
export async function enrolFirstVisitor(api: ApiClient): Promise<Visitor> {
  const personId = await api.addPerson('The first visitor');
  const enrolled = async () => {
    for (const { id, trackId = '' } of (await api.visits()).reverse())
      if ((await api.enrol(personId, { eventId: id })) === undefined) return { personId, trackId };
    return undefined;
  };
  return until('a visitor can be enrolled', enrolled, WITHIN_MS);
}
