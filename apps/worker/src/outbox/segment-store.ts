import { type FileHandle, mkdir, open, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type OutboxEvent, type UnreadableRecord, decodeAll, encodeRecord } from './record';

export interface Segment {
  number: number;
  bytes: number;
  records: number;
  snapshots: number;
}

function fileName(number: number): string {
  return `${String(number).padStart(10, '0')}.events`;
}

/**
 * Append-only files of events. A write is done when the kernel has it, which outlives kill -9 of the process;
 * `sync` is for the loss of power. A tail that a crash tore is ignored, and never written behind.
 */
export class SegmentStore {
  /** Oldest first; the last one is appended to. */
  readonly segments: Segment[] = [];
  /** What was found at the opening, by segment. */
  readonly unreadable = new Map<number, UnreadableRecord[]>();
  private file: { handle: FileHandle; segment: Segment } | undefined;
  private dirty = false;

  private constructor(private readonly directory: string) {}

  static async open(directory: string): Promise<SegmentStore> {
    await mkdir(directory, { recursive: true });
    const store = new SegmentStore(directory);
    const names = await readdir(directory);
    // What a crash left half written in place of a segment, which is still there.
    const leftovers = names.filter((name) => name.endsWith('.events.new'));
    for (const name of leftovers) await rm(join(directory, name), { force: true });
    const numbers = names
      .filter((name) => /^\d{10}\.events$/.test(name))
      .map((name) => parseInt(name, 10))
      .sort((a, b) => a - b);
    for (const number of numbers) await store.find(number);
    return store;
  }

  get totalBytes(): number {
    return this.segments.reduce((sum, segment) => sum + segment.bytes, 0);
  }

  /** Its events, without the unreadable records. */
  async read(number: number): Promise<OutboxEvent[]> {
    return decodeAll(await readFile(this.pathOf(number))).events;
  }

  /** Begins a new segment; the next append goes there. */
  async roll(number: number): Promise<void> {
    await this.sync();
    await this.closeFile();
    const handle = await open(this.pathOf(number), 'w');
    const segment = { number, bytes: 0, records: 0, snapshots: 0 };
    this.segments.push(segment);
    this.file = { handle, segment };
  }

  /** The segment that is appended to; undefined before the first {@link roll} of this run. */
  get active(): Segment | undefined {
    return this.file?.segment;
  }

  /** All of the events or none of them. Throws what the file system says. */
  async append(events: readonly OutboxEvent[]): Promise<void> {
    if (!this.file) throw new Error('No segment has been begun.');
    const { handle, segment } = this.file;
    const bytes = Buffer.concat(events.map(encodeRecord));
    try {
      for (let done = 0; done < bytes.length;) {
        const position = segment.bytes + done;
        done += (await handle.write(bytes, done, bytes.length - done, position)).bytesWritten;
      }
    } catch (error) {
      // What was written of it would be a torn record in the middle.
      await handle.truncate(segment.bytes).catch(() => this.closeFile());
      throw error;
    }
    segment.bytes += bytes.length;
    segment.records += events.length;
    segment.snapshots += events.filter((event) => event.snapshot).length;
    this.dirty = true;
  }

  async sync(): Promise<void> {
    if (!this.dirty || !this.file) return;
    await this.file.handle.datasync();
    this.dirty = false;
  }

  async remove(number: number): Promise<void> {
    if (this.file?.segment.number === number) await this.closeFile();
    await rm(this.pathOf(number), { force: true });
    const at = this.segments.findIndex((segment) => segment.number === number);
    if (at >= 0) this.segments.splice(at, 1);
  }

  /** Writes a closed segment anew without its snapshots. Doing it twice is harmless. */
  async strip(number: number): Promise<void> {
    if (!this.segments.some((segment) => segment.number === number)) return;
    const events = await this.read(number);
    await this.rewrite(
      number,
      events.map(({ event }) => ({ event })),
    );
  }

  /** Writes a closed segment anew without its unreadable records. */
  async forgetUnreadable(number: number): Promise<void> {
    await this.rewrite(number, await this.read(number));
    this.unreadable.delete(number);
  }

  async close(): Promise<void> {
    await this.sync().catch(() => undefined);
    await this.closeFile();
  }

  private async find(number: number): Promise<void> {
    const { events, unreadable } = decodeAll(await readFile(this.pathOf(number)));
    this.segments.push(describe(number, events));
    if (unreadable.length > 0) this.unreadable.set(number, unreadable);
  }

  private async rewrite(number: number, events: readonly OutboxEvent[]): Promise<void> {
    const path = `${this.pathOf(number)}.new`;
    try {
      await writeFile(path, Buffer.concat(events.map(encodeRecord)), { flush: true });
      await rename(path, this.pathOf(number));
    } catch (error) {
      // On a full disk it would take the room that is left.
      await rm(path, { force: true });
      throw error;
    }
    const at = this.segments.findIndex((segment) => segment.number === number);
    this.segments[at] = describe(number, events);
  }

  private async closeFile(): Promise<void> {
    const file = this.file;
    this.file = undefined;
    await file?.handle.close();
  }

  private pathOf(number: number): string {
    return join(this.directory, fileName(number));
  }
}

function describe(number: number, events: readonly OutboxEvent[]): Segment {
  const bytes = events.reduce((sum, event) => sum + encodeRecord(event).length, 0);
  const snapshots = events.filter((event) => event.snapshot).length;
  return { number, bytes, records: events.length, snapshots };
}
