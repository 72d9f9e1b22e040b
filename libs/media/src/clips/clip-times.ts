import type { MediaPacket } from '../sources/media-packet';

type Packet = Pick<MediaPacket, 'isKeyframe' | 'captureTimeMs' | 'presentationTimeMs'>;

export interface TimedPacket<P> {
  packet: P;
  /** Growing; before 0 where pictures are reordered. In ticks, as all of these. */
  decodedAt: number;
  /** From 0 on, in the order in which the pictures are shown, and none before it is decoded. */
  shownAt: number;
  duration: number;
}

/**
 * Times for a player of packets in the order of decoding, which begin with a keyframe. They are decoded when they came
 * in. The sender's own times tell in which order they are shown, within each group of pictures, and nothing else:
 * RTSP gives no times of decoding, and its clock may jump. Left out are the pictures of the first group that are shown
 * before its keyframe, since they need the group before.
 */
export function clipTimes<P extends Packet>(packets: readonly P[], ticksPerSecond: number): TimedPacket<P>[] {
  const kept = withoutLeading(packets);
  const decoded = decodingTimes(kept, ticksPerSecond);
  const places = placesShown(kept);
  const at = (place: number) => decoded[place] ?? 0;
  // So much earlier they are decoded, so that no picture is due before.
  const delay = places.reduce((most, place, index) => Math.max(most, at(index) - at(place)), 0);
  return kept.map((packet, index) => {
    const isLast = index === kept.length - 1;
    const duration = isLast ? at(index) - at(Math.max(0, index - 1)) : at(index + 1) - at(index);
    return { packet, decodedAt: at(index) - delay, shownAt: at(places[index] ?? index), duration };
  });
}

function withoutLeading<P extends Packet>(packets: readonly P[]): P[] {
  const begin = packets[0]?.presentationTimeMs;
  const next = packets.findIndex(({ isKeyframe }, index) => index > 0 && isKeyframe);
  return packets.filter(({ presentationTimeMs }, index) => {
    const isOfFirstGroup = next < 0 || index < next;
    return !isOfFirstGroup || begin === undefined || (presentationTimeMs ?? begin) >= begin;
  });
}

/** Packets may come in together. */
function decodingTimes(packets: readonly Packet[], ticksPerSecond: number): number[] {
  const startMs = packets[0]?.captureTimeMs ?? 0;
  let last = -1;
  return packets.map(({ captureTimeMs }) => {
    last = Math.max(last + 1, Math.round(((captureTimeMs - startMs) * ticksPerSecond) / 1000));
    return last;
  });
}

/** Of each packet, how many are shown before it. */
function placesShown(packets: readonly Packet[]): number[] {
  const places: number[] = [];
  let group: { index: number; timeMs: number }[] = [];
  const settle = () => {
    const first = group[0]?.index ?? 0;
    [...group]
      .sort((a, b) => a.timeMs - b.timeMs)
      .forEach(({ index }, place) => (places[index] = first + place));
    group = [];
  };
  packets.forEach(({ isKeyframe, presentationTimeMs }, index) => {
    if (isKeyframe) settle();
    // Without a time it is shown after the one before; a connection's first packet has none.
    const timeMs = presentationTimeMs ?? group.at(-1)?.timeMs ?? -Infinity;
    group.push({ index, timeMs });
  });
  settle();
  return places;
}
