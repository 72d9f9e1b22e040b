import type { Visit } from './visit';

/** Who turns away or is hidden for no longer than this comes back to the same visit. */
const RETURN_MS = 5_000;
/** More are not kept open; the oldest ends. */
const MAX_LOST = 20;

/** Visits whose track has ended and whose person may be back in a moment, known by their face. */
export class LostVisits {
  private visits: Visit[] = [];

  get isEmpty(): boolean {
    return this.visits.length === 0;
  }

  /** @returns those that have to end now */
  keep(visit: Visit): Visit[] {
    this.visits.push(visit);
    return this.visits.splice(0, this.visits.length - MAX_LOST);
  }

  /** @returns those whose time is over */
  expire(nowMs: number): Visit[] {
    const isOver = ({ track }: Visit) => nowMs - track.lastSeenMs > RETURN_MS;
    const over = this.visits.filter(isOver);
    this.visits = this.visits.filter((visit) => !isOver(visit));
    return over;
  }

  /** The visit of the person whom this new one shows; it is lost no more. */
  takeLike(visit: Visit): Visit | undefined {
    const found = this.visits.find(({ identity }) => identity.isLike(visit.identity));
    this.visits = this.visits.filter((lost) => lost !== found);
    return found;
  }

  takeAll(): Visit[] {
    return this.visits.splice(0);
  }
}
