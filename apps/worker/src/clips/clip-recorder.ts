import { rename, rm } from 'node:fs/promises';
import type { Size } from '@camfleet/domain';
import { type MediaPacket, writeClip } from '@camfleet/media';
import type { SourceReader } from '../capture';
import { clipPath } from './clip-files';
import { PacketHistory } from './packet-history';

/** What a clip shows of the time before its event, and after. */
const BEFORE_MS = 5_000;
const AFTER_MS = 5_000;
/** Of one camera's history, and of one clip: 10 s at 12 Mbit/s. */
const MAX_BYTES = 16 * 1024 * 1024;
/** Of one camera at a time, those that are being written included; the clips of further events are not made. */
const MAX_RECORDINGS = 4;

interface Recording {
  eventId: string;
  size: Size;
  untilMs: number;
  packets: MediaPacket[];
  bytes: number;
}

export interface ClipRecorderOptions {
  reader: Pick<SourceReader, 'listen' | 'gop' | 'status'>;
  /** Where finished clips are put. */
  directory: string;
  onClip: (eventId: string) => void;
  onDropped: (eventId: string) => void;
  onError: (error: unknown) => void;
}

/** Cuts some seconds around an event out of the packets as they come, without decoding them. */
export class ClipRecorder {
  private readonly history = new PacketHistory({ keepMs: BEFORE_MS, maxBytes: MAX_BYTES });
  private readonly recordings = new Set<Recording>();
  private readonly listening: Disposable;
  private latest: MediaPacket | undefined;
  private unwritten = 0;
  private writing: Promise<void> = Promise.resolve();

  constructor(private readonly options: ClipRecorderOptions) {
    this.listening = options.reader.listen({
      onPacket: () => this.take(),
      onStatus: ({ state }) => {
        if (state !== 'streaming') this.finishAll();
      },
    });
  }

  /** @param atMs when it occurred, Unix ms */
  record(eventId: string, atMs: number): void {
    const { width, height } = this.options.reader.status;
    const packets = this.history.take();
    const mayBegin = packets.length > 0 && this.recordings.size + this.unwritten < MAX_RECORDINGS;
    if (!mayBegin || width === undefined || height === undefined) {
      for (const packet of packets) packet.release();
      return this.options.onDropped(eventId);
    }
    const size = { width, height };
    const bytes = packets.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    this.recordings.add({ eventId, size, untilMs: atMs + AFTER_MS, packets, bytes });
  }

  /** Ends what is being recorded with what there is. Resolves when it is on disk. */
  async close(): Promise<void> {
    this.listening[Symbol.dispose]();
    this.finishAll();
    this.history.clear();
    await this.writing;
  }

  private take(): void {
    const packet = this.options.reader.gop.newestPacket;
    // One that came before any keyframe is not kept, and the one before it is the newest still.
    if (!packet || packet === this.latest) return;
    this.latest = packet;
    this.history.push(packet);
    for (const recording of [...this.recordings]) this.extend(recording, packet);
  }

  private extend(recording: Recording, packet: MediaPacket): void {
    const isSameStream = recording.packets[0]?.stream === packet.stream;
    const isOver = packet.captureTimeMs > recording.untilMs || recording.bytes > MAX_BYTES;
    if (isOver || !isSameStream) return this.finish(recording);
    recording.packets.push(packet.retain());
    recording.bytes += packet.sizeBytes;
  }

  private finishAll(): void {
    for (const recording of [...this.recordings]) this.finish(recording);
  }

  private finish(recording: Recording): void {
    this.recordings.delete(recording);
    this.unwritten += 1;
    this.writing = this.writing
      .then(() => this.write(recording))
      .catch(this.options.onError)
      .finally(() => {
        this.unwritten -= 1;
        for (const packet of recording.packets) packet.release();
      });
  }

  /** A clip appears whole or not at all. */
  private async write({ eventId, packets, size }: Recording): Promise<void> {
    const startMs = packets[0]?.captureTimeMs ?? 0;
    const path = clipPath(this.options.directory, { startMs, eventId });
    const part = `${path}.part`;
    try {
      await writeClip(part, { packets, size });
      await rename(part, path);
    } catch (error) {
      await rm(part, { force: true });
      throw error;
    }
    this.options.onClip(eventId);
  }
}
