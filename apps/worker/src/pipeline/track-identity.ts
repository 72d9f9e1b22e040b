import { cosine, normalised } from '@camfleet/domain';

/** One embedding that does not fit may be a bad picture; two in a row that fit each other are somebody else. */
export type Fit = 'same' | 'odd' | 'other';

export interface TrackIdentityState {
  weight: number;
  sum?: readonly number[] | undefined;
  odd?: readonly number[] | undefined;
}

/**
 * Who a track shows, as far as its own pictures tell: the mean of its embeddings, weighted by quality, without
 * those that do not fit.
 */
export class TrackIdentity {
  /** Sum of the qualities that went in: how sure the mean is. */
  weight: number;
  private sum: Float32Array | undefined;
  private odd: Float32Array | undefined;

  /**
   * @param samePersonScore the cosine above which two embeddings show one person
   * @param state of another identity, to go on from
   */
  constructor(
    private readonly samePersonScore: number,
    state?: TrackIdentityState,
  ) {
    this.weight = state?.weight ?? 0;
    this.sum = state?.sum && Float32Array.from(state.sum);
    this.odd = state?.odd && Float32Array.from(state.odd);
  }

  /** All that it remembers, as JSON. */
  get state(): TrackIdentityState {
    const { weight, sum, odd } = this;
    return { weight, sum: sum && Array.from(sum), odd: odd && Array.from(odd) };
  }

  /** Of length 1; undefined before the first. */
  get vector(): Float32Array | undefined {
    return this.sum && normalised(this.sum);
  }

  /** @param quality 0 to 1 */
  add(embedding: Float32Array, quality: number): Fit {
    const { vector, odd } = this;
    if (vector && cosine(vector, embedding) < this.samePersonScore / 2) {
      const isOther = odd !== undefined && cosine(odd, embedding) >= this.samePersonScore;
      this.odd = embedding;
      return isOther ? 'other' : 'odd';
    }
    this.odd = undefined;
    this.sum = embedding.map((value, index) => (this.sum?.[index] ?? 0) + value * quality);
    this.weight += quality;
    return 'same';
  }

  isLike(other: TrackIdentity): boolean {
    const { vector } = this;
    return (
      vector !== undefined &&
      other.vector !== undefined &&
      cosine(vector, other.vector) >= this.samePersonScore
    );
  }

  /** Takes over what another track learned of the same person. */
  join(other: TrackIdentity): void {
    const { sum } = other;
    if (!sum) return;
    this.sum = sum.map((value, index) => value + (this.sum?.[index] ?? 0));
    this.weight += other.weight;
  }
}
