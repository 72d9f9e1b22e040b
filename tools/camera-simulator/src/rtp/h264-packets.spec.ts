import { packetise, stamp } from './h264-packets';

/** The packets in an interleaved stream: channel, RTP header fields, payload. */
function packetsOf(stream: Buffer) {
  const packets = [];
  for (let at = 0; at < stream.length;) {
    const length = stream.readUInt16BE(at + 2);
    const rtp = stream.subarray(at + 4, at + 4 + length);
    packets.push({
      channel: stream.readUInt8(at + 1),
      marker: (rtp.readUInt8(1) & 0x80) !== 0,
      sequence: rtp.readUInt16BE(2),
      timestamp: rtp.readUInt32BE(4),
      ssrc: rtp.readUInt32BE(8),
      payload: rtp.subarray(12),
    });
    at += 4 + length;
  }
  return packets;
}

/** What a player makes of FU-A fragments (RFC 6184, section 5.8). */
function reassemble(payloads: Buffer[]): Buffer {
  const [first] = payloads;
  if (!first) throw new Error('no fragments');
  const header = (first.readUInt8(0) & 0xe0) | (first.readUInt8(1) & 0x1f);
  return Buffer.concat([Buffer.from([header]), ...payloads.map((payload) => payload.subarray(2))]);
}

const nal = (type: number, size: number) =>
  Buffer.from(Array.from({ length: size }, (_, i) => (i === 0 ? type : i % 251)));

describe('a picture as RTP packets', () => {
  const small = nal(0x67, 20);
  const large = nal(0x65, 5_000);
  const frame = packetise({ nals: [small, large], isKeyframe: true });

  it('carries a NAL unit that fits as it is, and a larger one in fragments that make it again', () => {
    const [first, ...fragments] = packetsOf(stamp(frame, { channel: 0, sequence: 0, timestamp: 0, ssrc: 1 }));
    expect(first?.payload).toEqual(small);
    expect(fragments).toHaveLength(4);
    expect(reassemble(fragments.map(({ payload }) => payload))).toEqual(large);
    expect(fragments.map(({ payload }) => payload.readUInt8(1) & 0xc0)).toEqual([0x80, 0, 0, 0x40]);
  });

  it('marks the last packet of the picture, so that players show it without waiting for the next', () => {
    const markers = packetsOf(stamp(frame, { channel: 0, sequence: 0, timestamp: 0, ssrc: 1 })).map(
      ({ marker }) => marker,
    );
    expect(markers).toEqual([false, false, false, false, true]);
  });

  it('numbers packets through the end of the range, under one time and source', () => {
    const packets = packetsOf(
      stamp(frame, { channel: 2, sequence: 65_534, timestamp: 2 ** 32 + 9_000, ssrc: 77 }),
    );
    expect(packets.map(({ sequence }) => sequence)).toEqual([65_534, 65_535, 0, 1, 2]);
    for (const packet of packets) expect(packet).toMatchObject({ channel: 2, timestamp: 9_000, ssrc: 77 });
  });
});
