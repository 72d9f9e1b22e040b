import type { AccessUnit } from '../clip/annex-b';

/** RTP clock of video (RFC 6184, section 8.2.1). */
export const CLOCK_HZ = 90_000;
export const PAYLOAD_TYPE = 96;
/** Fits an Ethernet frame with IP, TCP and RTP headers, as cameras send it. */
const MAX_PAYLOAD_BYTES = 1400;
/** `$`, channel, length (RFC 2326, section 10.12) and the fixed RTP header (RFC 3550, section 5.1). */
const FRAMING_BYTES = 4;
const RTP_HEADER_BYTES = 12;
const FU_A = 28;

/** A picture's interleaved packets in one buffer; sequence, time and source are blank until `stamp`. */
export interface FramePackets {
  template: Buffer;
  /** Where each packet's framing begins in `template`. */
  offsets: number[];
  isKeyframe: boolean;
  /** RTP payload bytes, as sender reports count them. */
  payloadBytes: number;
}

export interface Stamp {
  channel: number;
  sequence: number;
  timestamp: number;
  ssrc: number;
}

/** Single NAL unit packets and FU-A fragments (RFC 6184, sections 5.6 and 5.8); the last one bears the marker. */
export function packetise(unit: AccessUnit): FramePackets {
  const payloads = unit.nals.flatMap(toPayloads);
  const parts: Buffer[] = [];
  const offsets: number[] = [];
  let size = 0;
  payloads.forEach((payload, index) => {
    const header = Buffer.alloc(FRAMING_BYTES + RTP_HEADER_BYTES);
    header.writeUInt8(0x24, 0);
    header.writeUInt16BE(RTP_HEADER_BYTES + payload.length, 2);
    header.writeUInt8(0x80, 4);
    header.writeUInt8(PAYLOAD_TYPE | (index === payloads.length - 1 ? 0x80 : 0), 5);
    offsets.push(size);
    parts.push(header, payload);
    size += header.length + payload.length;
  });
  const payloadBytes = size - payloads.length * (FRAMING_BYTES + RTP_HEADER_BYTES);
  return { template: Buffer.concat(parts), offsets, isKeyframe: unit.isKeyframe, payloadBytes };
}

/** A copy that is ready to send: one copy of the bytes and one write a picture, whatever its packet count. */
export function stamp(frame: FramePackets, { channel, sequence, timestamp, ssrc }: Stamp): Buffer {
  const packets = Buffer.from(frame.template);
  frame.offsets.forEach((offset, index) => {
    packets.writeUInt8(channel, offset + 1);
    packets.writeUInt16BE((sequence + index) & 0xffff, offset + 6);
    packets.writeUInt32BE(timestamp >>> 0, offset + 8);
    packets.writeUInt32BE(ssrc, offset + 12);
  });
  return packets;
}

function toPayloads(nal: Buffer): Buffer[] {
  if (nal.length <= MAX_PAYLOAD_BYTES) return [nal];
  const header = nal.readUInt8(0);
  const fragments: Buffer[] = [];
  const step = MAX_PAYLOAD_BYTES - 2;
  for (let at = 1; at < nal.length; at += step) {
    const first = at === 1 ? 0x80 : 0;
    const last = at + step >= nal.length ? 0x40 : 0;
    const indicator = Buffer.from([(header & 0xe0) | FU_A, first | last | (header & 0x1f)]);
    fragments.push(Buffer.concat([indicator, nal.subarray(at, at + step)]));
  }
  return fragments;
}
