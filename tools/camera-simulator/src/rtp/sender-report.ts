export interface SenderState {
  ssrc: number;
  /** RTP time of the instant `wallClockMs`. */
  timestamp: number;
  wallClockMs: number;
  packets: number;
  payloadBytes: number;
}

/** Seconds between the epochs of NTP (1900) and Unix. */
const NTP_EPOCH_OFFSET_S = 2_208_988_800;
const CNAME = Buffer.from('camera@camfleet');

/** An interleaved compound RTCP packet: sender report and CNAME (RFC 3550, sections 6.4.1 and 6.5). */
export function senderReport(channel: number, state: SenderState): Buffer {
  const report = Buffer.alloc(28);
  report.writeUInt8(0x80, 0);
  report.writeUInt8(200, 1);
  report.writeUInt16BE(report.length / 4 - 1, 2);
  report.writeUInt32BE(state.ssrc, 4);
  const seconds = Math.floor(state.wallClockMs / 1000);
  report.writeUInt32BE((seconds + NTP_EPOCH_OFFSET_S) >>> 0, 8);
  report.writeUInt32BE(Math.floor(((state.wallClockMs - seconds * 1000) / 1000) * 2 ** 32) >>> 0, 12);
  report.writeUInt32BE(state.timestamp >>> 0, 16);
  report.writeUInt32BE(state.packets >>> 0, 20);
  report.writeUInt32BE(state.payloadBytes >>> 0, 24);

  // At least one zero byte ends the list of items, and the chunk is padded to 32 bits.
  const description = Buffer.alloc(8 + Math.ceil((2 + CNAME.length + 1) / 4) * 4);
  description.writeUInt8(0x81, 0);
  description.writeUInt8(202, 1);
  description.writeUInt16BE(description.length / 4 - 1, 2);
  description.writeUInt32BE(state.ssrc, 4);
  description.writeUInt8(1, 8);
  description.writeUInt8(CNAME.length, 9);
  CNAME.copy(description, 10);

  const framing = Buffer.from([0x24, channel, 0, report.length + description.length]);
  return Buffer.concat([framing, report, description]);
}
