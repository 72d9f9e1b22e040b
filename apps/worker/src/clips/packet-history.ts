import type { MediaPacket } from '@camfleet/media';

export interface PacketHistoryLimits {
  /** What is kept at the least, once so much has come; a group of pictures longer. */
  keepMs: number;
  /** Beyond it the oldest groups go first. */
  maxBytes: number;
}

/** A camera's packets of the last seconds, always from a keyframe on and of one stream. */
export class PacketHistory {
  private packets: MediaPacket[] = [];
  private bytes = 0;

  constructor(private readonly limits: PacketHistoryLimits) {}

  /** Keeps a reference of its own. */
  push(packet: MediaPacket): void {
    if (this.packets[0]?.stream !== packet.stream) this.clear();
    if (this.packets.length === 0 && !packet.isKeyframe) return;
    this.packets.push(packet.retain());
    this.bytes += packet.sizeBytes;
    if (packet.isKeyframe) this.dropOld(packet.captureTimeMs - this.limits.keepMs);
    while (this.bytes > this.limits.maxBytes) this.dropGroup();
  }

  /** All of them, each retained for the caller. */
  take(): MediaPacket[] {
    return this.packets.map((packet) => packet.retain());
  }

  clear(): void {
    this.drop(this.packets.length);
  }

  private dropOld(beforeMs: number): void {
    for (let next = this.nextGroup(); next > 0; next = this.nextGroup()) {
      const startsLate = (this.packets[next]?.captureTimeMs ?? Infinity) > beforeMs;
      if (startsLate) return;
      this.drop(next);
    }
  }

  /** Where the second group begins; -1: there is none. */
  private nextGroup(): number {
    return this.packets.findIndex(({ isKeyframe }, index) => index > 0 && isKeyframe);
  }

  private dropGroup(): void {
    const next = this.nextGroup();
    this.drop(next < 0 ? this.packets.length : next);
  }

  private drop(count: number): void {
    for (const packet of this.packets.splice(0, count)) {
      this.bytes -= packet.sizeBytes;
      packet.release();
    }
  }
}
