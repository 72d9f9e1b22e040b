import { AV_CODEC_ID_H264, AV_PKT_FLAG_KEY, Packet } from 'node-av';
import { MediaPacket } from '../sources/media-packet';
import type { VideoStream } from '../sources/media-source';
import { GopBuffer } from './gop-buffer';

const STREAM: VideoStream = {
  codec: 'h264',
  codecId: AV_CODEC_ID_H264,
  parameters: undefined,
  width: 0,
  height: 0,
  fps: undefined,
  hasAudio: false,
  rotation: 0,
};

function packet(kind: 'key' | 'delta', bytes = 10): MediaPacket {
  const native = new Packet();
  native.alloc();
  native.data = Buffer.alloc(bytes);
  if (kind === 'key') native.flags = AV_PKT_FLAG_KEY;
  return MediaPacket.fromNative(native, STREAM, { mediaTimeMs: undefined, presentationTimeMs: undefined });
}

describe('GopBuffer', () => {
  it('gives a viewer who joins everything since the keyframe, in order', () => {
    const gop = new GopBuffer();
    const packets = [packet('key'), packet('delta'), packet('delta')];
    packets.forEach((each) => gop.push(each));
    const seen: MediaPacket[] = [];
    for (let step = gop.next(undefined); step; step = gop.next(step.cursor)) seen.push(step.packet);
    expect(seen).toEqual(packets);
  });

  it('sends a slow decoder to the newest keyframe instead of through what is old', () => {
    const gop = new GopBuffer();
    gop.push(packet('key'));
    const first = gop.next(undefined);
    gop.push(packet('delta'));
    const newest = packet('key');
    gop.push(newest);
    expect(gop.next(first?.cursor)?.packet).toBe(newest);
    expect(gop.length).toBe(1);
  });

  it('holds nothing that cannot be decoded: what comes before the first keyframe', () => {
    const gop = new GopBuffer();
    gop.push(packet('delta'));
    expect(gop.next(undefined)).toBeUndefined();
    expect(gop.sizeBytes).toBe(0);
  });

  it('stays within its bytes; who has seen the dropped part goes on, who has not waits', () => {
    const gop = new GopBuffer(1000);
    gop.push(packet('key', 100));
    const joined = gop.next(undefined);
    let follower = joined;
    for (let i = 0; i < 100; i += 1) {
      gop.push(packet('delta', 50));
      follower = gop.next(follower?.cursor);
      expect(follower?.packet).toBe(gop.newestPacket);
      expect(gop.sizeBytes).toBeLessThanOrEqual(1000);
    }
    expect(gop.next(joined?.cursor)).toBeUndefined();
    expect(gop.next(undefined)?.packet.isKeyframe).toBe(true);
  });

  it('keeps a packet usable for a decoder that holds it while the group is replaced', () => {
    const gop = new GopBuffer();
    gop.push(packet('key', 33));
    const held = gop.next(undefined)?.packet.retain();
    gop.push(packet('key'));
    expect(held?.toNative().size).toBe(33);
    held?.release();
  });
});
