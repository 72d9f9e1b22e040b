import { type FileHandle, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { z } from 'zod';

const LOOK_INTERVAL_MS = 100;
const RecordHead = z.object({ id: z.string(), cameraId: z.string() });

export interface AcceptedEvent {
  id: string;
  cameraId: string;
  workerId: string;
}

interface Segment {
  file: FileHandle;
  readBytes: number;
}

/**
 * Reads along in a worker's outbox files, as the worker writes them: what is whole there was accepted. A file
 * stays open until it is gone and read to its end, so that one that is delivered and deleted is read, too.
 */
export class AcceptedEvents implements AsyncDisposable {
  readonly events = new Map<string, AcceptedEvent>();
  private readonly segments = new Map<string, Segment>();
  private looking: Promise<void> = Promise.resolve();
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly worker: { id: string; dataDirectory: string }) {
    this.timer = setInterval(() => void this.look(), LOOK_INTERVAL_MS);
  }

  look(): Promise<void> {
    this.looking = this.looking.then(() => this.readAll());
    return this.looking;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.timer);
    await this.looking;
    for (const { file } of this.segments.values()) await file.close();
    this.segments.clear();
  }

  private async readAll(): Promise<void> {
    const directory = join(this.worker.dataDirectory, 'outbox');
    const names = (await readdir(directory).catch(() => [])).filter((name) => name.endsWith('.events'));
    for (const name of names) {
      if (this.segments.has(name)) continue;
      const file = await open(join(directory, name), 'r').catch(() => undefined);
      if (file) this.segments.set(name, { file, readBytes: 0 });
    }
    for (const [name, segment] of this.segments) {
      await this.read(segment);
      if (names.includes(name)) continue;
      await segment.file.close();
      this.segments.delete(name);
    }
  }

  /** `[u32 payload bytes][u32 CRC-32][payload: [u32 JSON bytes][JSON][JPEG]]`; a part of a record waits. */
  private async read(segment: Segment): Promise<void> {
    const { size } = await segment.file.stat();
    if (size <= segment.readBytes) return;
    const bytes = Buffer.alloc(size - segment.readBytes);
    const { bytesRead } = await segment.file.read(bytes, 0, bytes.length, segment.readBytes);
    let at = 0;
    while (bytesRead - at > 8) {
      const payload = bytes.subarray(at + 8, at + 8 + bytes.readUInt32BE(at));
      const isWhole =
        at + 8 + bytes.readUInt32BE(at) <= bytesRead && crc32(payload) === bytes.readUInt32BE(at + 4);
      if (!isWhole) break;
      this.note(payload.toString('utf8', 4, 4 + payload.readUInt32BE(0)));
      at += 8 + payload.length;
    }
    segment.readBytes += at;
  }

  private note(json: string): void {
    const { id, cameraId } = RecordHead.parse(JSON.parse(json));
    this.events.set(id, { id, cameraId, workerId: this.worker.id });
  }
}
