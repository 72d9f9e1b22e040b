const EMPTY = -1;
const DELETED = -2;

/** Which slot a face has: a hash table of numbers alone, a fifth of what a Map of strings would take. */
export class SlotTable {
  private places = new Int32Array(64).fill(EMPTY);
  private used = 0;

  /** `idOf`: of a slot that was added and not removed since. */
  constructor(private readonly idOf: (slot: number) => string) {}

  find(id: string, isIt: (slot: number) => boolean): number | undefined {
    const slot = this.places[this.placeOf(id, isIt)];
    return slot === undefined || slot < 0 ? undefined : slot;
  }

  add(id: string, slot: number): void {
    if (this.used >= this.places.length * 0.7) this.rebuild();
    this.places[this.placeOf(id, () => false)] = slot;
    this.used += 1;
  }

  remove(id: string, slot: number): void {
    this.places[this.placeOf(id, (other) => other === slot)] = DELETED;
  }

  /** Twice as large as what is in it needs, without what was deleted. */
  private rebuild(): void {
    const slots = this.places.filter((slot) => slot >= 0);
    this.places = new Int32Array(2 ** Math.ceil(Math.log2(Math.max(64, slots.length * 2)))).fill(EMPTY);
    this.used = slots.length;
    for (const slot of slots) this.places[this.placeOf(this.idOf(slot), () => false)] = slot;
  }

  /** Where it is, or else an empty place for it. */
  private placeOf(id: string, isIt: (slot: number) => boolean): number {
    const mask = this.places.length - 1;
    let place = hash(id) & mask;
    for (let slot = this.places[place]; slot !== EMPTY; slot = this.places[place]) {
      if (slot !== undefined && slot >= 0 && isIt(slot)) return place;
      place = (place + 1) & mask;
    }
    return place;
  }
}

/** FNV-1a, its bits mixed once more (the end of MurmurHash3). */
function hash(id: string): number {
  let sum = 0x811c9dc5;
  for (let index = 0; index < id.length; index++) sum = Math.imul(sum ^ id.charCodeAt(index), 0x01000193);
  sum = Math.imul(sum ^ (sum >>> 16), 0x85ebca6b);
  return sum ^ (sum >>> 13);
}
