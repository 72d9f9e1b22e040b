import { appendFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { WorkerEvent } from '@camfleet/protocol';

/** Lines written before the file is written anew with what is open. */
const COMPACT_AFTER_LINES = 5_000;

/** What an `end` needs of the newest event of a visit: no picture, no embedding. */
function essence(event: WorkerEvent): WorkerEvent {
  return { ...event, snapshot: undefined, embedding: undefined };
}

/** The `end` that a visit gets from whoever is left, when the process that watched it is gone. */
export function endOf(event: WorkerEvent): WorkerEvent {
  return {
    ...essence(event),
    id: `${event.trackId}:end`,
    state: 'end',
    data: { ...event.data, interrupted: true },
  };
}

interface OpenVisit {
  /** The newest of the visit. */
  event: WorkerEvent;
  /** Which child watches it; none: one of an earlier run. */
  child: number | undefined;
}

/**
 * Which visits are open, seen from the events that pass: after a crash of a child, or of this process, each
 * gets its `end`. A journal of a line an event; losing its last lines costs a visit its `end` at the worst.
 */
export class OpenVisits {
  private readonly open = new Map<string, OpenVisit>();
  /** Infinite when the file may end in a torn line: it is written anew before anything comes behind that. */
  private lines = Infinity;

  private constructor(private readonly path: string) {}

  /** `interrupted`: the ends of the visits that the last run left open. */
  static async load(path: string): Promise<{ visits: OpenVisits; interrupted: WorkerEvent[] }> {
    const visits = new OpenVisits(path);
    const text = await readFile(path, 'utf8').catch(() => '');
    for (const line of text.split('\n')) visits.note(parseLine(line));
    return { visits, interrupted: [...visits.open.values()].map(({ event }) => endOf(event)) };
  }

  /** To be called before the events are kept: an `end` too many is harmless, one too few is not. */
  async observe(events: readonly WorkerEvent[], child?: number): Promise<void> {
    const tracked = events.filter(({ state }) => state !== undefined).map(essence);
    if (tracked.length === 0) return;
    for (const event of tracked) this.note(event, child);
    const lines = this.lines + tracked.length;
    this.lines = Infinity;
    await mkdir(dirname(this.path), { recursive: true });
    if (lines > COMPACT_AFTER_LINES) return this.compact();
    await appendFile(this.path, tracked.map((event) => `${JSON.stringify(event)}\n`).join(''));
    this.lines = lines;
  }

  /** The ends of all open visits that this child watches. */
  endsOf(child: number): WorkerEvent[] {
    return [...this.open.values()].filter((visit) => visit.child === child).map(({ event }) => endOf(event));
  }

  private note(event: WorkerEvent | undefined, child?: number): void {
    if (event?.trackId === undefined || event.state === undefined) return;
    if (event.state === 'end') this.open.delete(event.trackId);
    else this.open.set(event.trackId, { event, child });
  }

  private async compact(): Promise<void> {
    const lines = [...this.open.values()].map(({ event }) => `${JSON.stringify(event)}\n`);
    await writeFile(`${this.path}.new`, lines.join(''));
    await rename(`${this.path}.new`, this.path);
    this.lines = lines.length;
  }
}

/** The last line may be torn. */
function parseLine(line: string): WorkerEvent | undefined {
  try {
    return WorkerEvent.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
