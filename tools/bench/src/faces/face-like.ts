/** Mulberry32 (Tommy Ettinger): the same numbers from the same seed, 0 to 1. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Box and Muller. */
function normalOf(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** A direction's spread falls with its number, so that 512 dimensions are worth about {@link WORTH}. */
const WORTH = 24;
/** Two embeddings of one person then have a cosine of about 0.6; those of two people 0 ± 0.08. */
const SAME_PERSON = 0.6;

/** Embeddings as face models give them: people in directions of unequal spread, a cloud around each. */
export class FaceLikeVectors {
  private readonly spread: Float32Array;

  constructor(dimensions: number) {
    this.spread = Float32Array.from({ length: dimensions }, (_, index) => 1 / Math.sqrt(1 + index / WORTH));
  }

  /** Of person `person` the embedding `shot`, length 1; the same ones always. */
  vector(person: number, shot: number): Float32Array {
    const mean = this.normals(person + 1);
    const noise = this.normals(-(person * 1_000 + shot + 1));
    const [ofMean, ofNoise] = [Math.sqrt(SAME_PERSON), Math.sqrt(1 - SAME_PERSON)];
    const mixed = mean.map((value, index) => ofMean * value + ofNoise * (noise[index] ?? 0));
    const length = Math.hypot(...mixed);
    return mixed.map((value) => value / length);
  }

  private normals(seed: number): Float32Array {
    const random = randomOf(Math.imul(seed, 2_654_435_761));
    return this.spread.map((spread) => spread * normalOf(random));
  }
}
