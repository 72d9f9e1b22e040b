/** What was done and seen, in order; whoever looks into a failure begins here. */
export interface Entry {
  /** Since the beginning, in ms. */
  atMs: number;
  what: string;
  fields: Record<string, unknown>;
}

/** Of one run. Grows by a few entries a second; a run lasts minutes. */
export class History {
  readonly entries: Entry[] = [];
  private readonly startedAt = performance.now();

  constructor(private readonly onEntry: (line: string) => void = () => undefined) {}

  /** Since the beginning, in ms. */
  nowMs(): number {
    return Math.round(performance.now() - this.startedAt);
  }

  note(what: string, fields: Record<string, unknown> = {}): void {
    const entry = { atMs: this.nowMs(), what, fields };
    this.entries.push(entry);
    this.onEntry(lineOf(entry));
  }

  toString(): string {
    return this.entries.map(lineOf).join('\n');
  }
}

function lineOf({ atMs, what, fields }: Entry): string {
  const details = Object.entries(fields).map(([name, value]) => `${name}=${text(value)}`);
  return [`${(atMs / 1000).toFixed(1).padStart(7)} s`, what, ...details].join('  ');
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
