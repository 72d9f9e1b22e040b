/** What was seen of visits, and what should have been. */
export interface SeenVisits {
  visits: number;
  /** How often somebody passed. */
  passes: number;
  flips: number;
  /** Visits that began after the first visitor was enrolled, and those of them that got that name. */
  later: number;
  named: number;
  details: Record<string, string | number>;
}
