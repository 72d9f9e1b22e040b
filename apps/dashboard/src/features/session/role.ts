import type { Me } from '@camfleet/protocol';

/** People's roles; each contains those before it. */
export const HUMAN_ROLES = ['viewer', 'operator', 'admin'] as const;
export type HumanRole = (typeof HUMAN_ROLES)[number];

export function mayDo(held: Me['role'], needed: HumanRole): boolean {
  return held !== 'worker' && HUMAN_ROLES.indexOf(held) >= HUMAN_ROLES.indexOf(needed);
}
