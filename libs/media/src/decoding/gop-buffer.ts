import type { MediaPacket } from '../sources/media-packet';

const DEFAULT_MAX_BYTES = 16 * 1024 * 1024;

/** A place in the stream: the number of the packet that was taken last. */
export type GopCursor = number;

export interface GopStep {
  packet: MediaPacket;
  cursor: GopCursor;
  /** Packets that wait behind this one. */
  backlog: number;
}

/**
 * The packets since the newest keyframe, so that whoever joins can decode up to the newest picture at once.
 * Holds at most 16 MiB: of a longer group the keyframe and the newest packets stay, the middle is dropped, and
 * a decoder that would have to cross the gap waits for the next keyframe. A new keyframe drops all before it:
 * a slow decoder goes on there. It keeps its content over a lost connection, for stills.
 */
export class GopBuffer {
  private keyframe: { packet: MediaPacket; number: number } | undefined;
  private tail: MediaPacket[] = [];
  /** Number of the last packet that was pushed. */
  private newest = 0;
  private bytes = 0;

  constructor(private readonly maxBytes = DEFAULT_MAX_BYTES) {}

  get sizeBytes(): number {
    return this.bytes;
  }

  /** Packets held, keyframe included. */
  get length(): number {
    return this.keyframe ? 1 + this.tail.length : 0;
  }

  get newestPacket(): MediaPacket | undefined {
    return this.tail.at(-1) ?? this.keyframe?.packet;
  }

  /** Takes the packet over. Packets before the first keyframe are of no use. */
  push(packet: MediaPacket): void {
    if (!packet.isKeyframe && this.keyframe?.packet.stream !== packet.stream) {
      packet.release();
      return;
    }
    this.newest += 1;
    if (packet.isKeyframe) {
      this.clear();
      this.keyframe = { packet, number: this.newest };
    } else {
      this.tail.push(packet);
    }
    this.bytes += packet.sizeBytes;
    if (this.bytes > this.maxBytes) this.dropMiddle();
  }

  /**
   * What to decode after `cursor` (undefined: nothing yet): the next packet, or the keyframe when that is newer.
   * Undefined when there is nothing to decode until more comes. The packet stays the buffer's: retain it.
   */
  next(cursor: GopCursor | undefined): GopStep | undefined {
    if (!this.keyframe) return undefined;
    const { packet, number } = this.keyframe;
    if (cursor === undefined || cursor < number) return { packet, cursor: number, backlog: this.tail.length };
    const oldest = this.newest - this.tail.length + 1;
    const following = cursor + 1;
    const next = following < oldest ? undefined : this.tail[following - oldest];
    return next && { packet: next, cursor: following, backlog: this.newest - following };
  }

  /** All that can be decoded in a row from the keyframe, each retained for the caller. */
  burst(): MediaPacket[] {
    if (!this.keyframe) return [];
    return [this.keyframe.packet, ...(this.isWhole() ? this.tail : [])].map((packet) => packet.retain());
  }

  clear(): void {
    this.keyframe?.packet.release();
    for (const packet of this.tail) packet.release();
    this.keyframe = undefined;
    this.tail = [];
    this.bytes = 0;
  }

  private isWhole(): boolean {
    return this.keyframe !== undefined && this.keyframe.number + this.tail.length === this.newest;
  }

  /** Drops a quarter more than needed, so that not every further packet moves the rest. */
  private dropMiddle(): void {
    let drop = 0;
    while (drop < this.tail.length && this.bytes > this.maxBytes * 0.75) {
      const packet = this.tail[drop];
      this.bytes -= packet?.sizeBytes ?? 0;
      packet?.release();
      drop += 1;
    }
    this.tail.splice(0, drop);
  }
}
