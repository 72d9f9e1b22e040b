import { cosine, normalised } from '@camfleet/domain';

/** One embedding that does not fit may be a bad picture; two in a row that fit each other are somebody else. */
export type Fit = 'same' | 'odd' | 'other';

/**
 * Who a track shows, as far as its own pictures tell: the mean of its embeddings, weighted by quality, without
 * those that do not fit.
 */
export class TrackIdentity {
  /** Sum of the qualities that went in: how sure the mean is. */
  weight = 0;
  private sum: Float32Array | undefined;
  private odd: Float32Array | undefined;

  /** @param samePersonScore the cosine above which two embeddings show one person */
  constructor(private readonly samePersonScore: number) {}

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
