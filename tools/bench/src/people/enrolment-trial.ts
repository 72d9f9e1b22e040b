import type { ApiClient } from '../fleet/api-client';

interface Kind {
  offered: number;
  accepted: string[];
  refusals: Map<string, number>;
}

/** Offers photos to the library, and counts what became of them. */
export class EnrolmentTrial {
  private readonly kinds = new Map<string, Kind>();

  constructor(private readonly api: ApiClient) {}

  async offer(personId: string, { kind, how, photo }: { kind: string; how: string; photo: Buffer }) {
    const counts: Kind = this.kinds.get(kind) ?? { offered: 0, accepted: [], refusals: new Map() };
    this.kinds.set(kind, counts);
    const refusal = await this.api.enrol(personId, { photo });
    counts.offered += 1;
    if (refusal === undefined) counts.accepted.push(how);
    else counts.refusals.set(refusal, (counts.refusals.get(refusal) ?? 0) + 1);
    return refusal === undefined;
  }

  get offered(): number {
    return [...this.kinds.values()].reduce((sum, { offered }) => sum + offered, 0);
  }

  get accepted(): number {
    return [...this.kinds.values()].reduce((sum, { accepted }) => sum + accepted.length, 0);
  }

  /** By kind. */
  get inWords(): Record<string, string> {
    return Object.fromEntries(
      [...this.kinds].map(([kind, { offered, accepted, refusals }]) => {
        const codes = [...refusals].map(([code, count]) => `${code} ${count}`);
        const taken =
          accepted.length > 0 ? `${accepted.length} accepted (${accepted.join(', ')})` : '0 accepted';
        return [kind, [`${offered} offered: ${taken}`, ...codes].join(', ')];
      }),
    );
  }
}
