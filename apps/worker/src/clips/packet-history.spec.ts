import { AV_CODEC_ID_MJPEG } from 'node-av';
import { MediaPacket, type VideoStream } from '@camfleet/media';
import { PacketHistory } from './packet-history';

const aStream = (): VideoStream => ({
  codec: 'mjpeg',
  codecId: AV_CODEC_ID_MJPEG,
  parameters: undefined,
  width: 320,
  height: 180,
  fps: 1,
  hasAudio: false,
  rotation: 0,
});

/** One a second; every third a keyframe, of 100 bytes each. */
function push(history: PacketHistory, seconds: readonly number[], stream: VideoStream): void {
  for (const second of seconds) {
    const packet = MediaPacket.fromJpeg(Buffer.alloc(100), stream);
    Object.defineProperty(packet, 'isKeyframe', { value: second % 3 === 0 });
    packet.captureTimeMs = second * 1000;
    history.push(packet);
    packet.release();
  }
}

const secondsOf = (history: PacketHistory) => history.take().map(({ captureTimeMs }) => captureTimeMs / 1000);
const upTo = (last: number) => Array.from({ length: last + 1 }, (_, second) => second);

describe('the packets of the last seconds', () => {
  it('reach back as far as asked, to the keyframe before', () => {
    const history = new PacketHistory({ keepMs: 5_000, maxBytes: 1e6 });
    push(history, upTo(13), aStream());
    // The newest keyframe came at 12 s: 5 s before it lies in the group of 6 s.
    expect(secondsOf(history)).toEqual([6, 7, 8, 9, 10, 11, 12, 13]);
  });

  it('begin with a keyframe, of a camera that is joined in the middle too', () => {
    const history = new PacketHistory({ keepMs: 5_000, maxBytes: 1e6 });
    push(history, [1, 2, 3, 4], aStream());
    expect(secondsOf(history)).toEqual([3, 4]);
  });

  it('take no more memory than their bound: the oldest go, and of a group without an end all', () => {
    const history = new PacketHistory({ keepMs: 60_000, maxBytes: 700 });
    const stream = aStream();
    push(history, upTo(8), stream);
    expect(secondsOf(history)).toEqual([3, 4, 5, 6, 7, 8]);
    push(history, [10, 11, 13, 14, 16], stream);
    expect(secondsOf(history)).toEqual([]);
  });

  it('are of one connection: another one may have another decoder', () => {
    const history = new PacketHistory({ keepMs: 5_000, maxBytes: 1e6 });
    push(history, [0, 1], aStream());
    push(history, [3, 4], aStream());
    expect(secondsOf(history)).toEqual([3, 4]);
  });
});
