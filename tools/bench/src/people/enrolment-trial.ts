import type { ApiClient } from '../fleet/api-client';

interface Kind {
  offered: number;
  accepted: number;
  refusals: Map<string, number>;
  /** How those were made, or whose they were, that met with the other answer. */
  surprises: Map<string, number>;
}

interface Offer {
  personId: string;
  /** What it is counted under. */
  kind: string;
  /** How it was made, or whose it is. */
  how: string;
  photo: Buffer;
}

/** Offers photos to the library, and counts what became of them. */
export class EnrolmentTrial {
  private readonly kinds = new Map<string, Kind>();

  constructor(
    private readonly api: ApiClient,
    private readonly expected: 'acceptance' | 'refusal',
  ) {}

  /** @returns whether it was accepted */
  async offer({ personId, kind, how, photo }: Offer): Promise<boolean> {
    const refusal = await this.api.enrol(personId, { photo });
    const counts = this.countsOf(kind);
    const isAccepted = refusal === undefined;
    counts.offered += 1;
    if (isAccepted) counts.accepted += 1;
    else count(counts.refusals, refusal);
    if (isAccepted !== (this.expected === 'acceptance')) count(counts.surprises, how);
    return isAccepted;
  }

  get offered(): number {
    return [...this.kinds.values()].reduce((sum, { offered }) => sum + offered, 0);
  }

  get accepted(): number {
    return [...this.kinds.values()].reduce((sum, { accepted }) => sum + accepted, 0);
  }

  /** By kind. */
  get inWords(): Record<string, string> {
    return Object.fromEntries(
      [...this.kinds].map(([kind, { offered, accepted, refusals, surprises }]) => {
        const unexpected = surprises.size > 0 ? [`against expectation: ${listed(surprises)}`] : [];
        const answers = [`${accepted} of ${offered} accepted`, listed(refusals), ...unexpected];
        return [kind, answers.filter(Boolean).join(', ')];
      }),
    );
  }

  private countsOf(kind: string): Kind {
    const known = this.kinds.get(kind);
    if (known) return known;
    const counts = { offered: 0, accepted: 0, refusals: new Map(), surprises: new Map() };
    this.kinds.set(kind, counts);
    return counts;
  }
}

function count(counts: Map<string, number>, what: string): void {
  counts.set(what, (counts.get(what) ?? 0) + 1);
}

const listed = (counts: ReadonlyMap<string, number>) =>
  [...counts].map(([what, times]) => `${what} ${times}`).join(', ');
