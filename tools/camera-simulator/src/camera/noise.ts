import { CLOCK_HZ, type FramePackets } from '../rtp/h264-packets';

const HEADERS_BYTES = 16;

/**
 * Ruins a picture's packets: every other one keeps its framing and RTP headers around noise, the rest is noise
 * from the first byte, so that a player also loses the framing. The same picture is ruined in the same way.
 */
export function noisePackets(
  packets: Buffer,
  { frame, number }: { frame: FramePackets; number: number },
): Buffer {
  const noise = Buffer.from(packets);
  const keep =
    number % 2 === 0 ? new Set(frame.offsets.flatMap((at) => range(at, at + HEADERS_BYTES))) : undefined;
  let state = number + 1;
  for (let at = 0; at < noise.length; at++) {
    // A linear congruential generator with the constants of Numerical Recipes.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    if (!keep?.has(at)) noise[at] = state >>> 24;
  }
  return noise;
}

/** In RTP ticks: by turns an hour ahead and ten seconds back, changing each second. */
export function wrongTimestampOffset(frameNumber: number, fps: number): number {
  return Math.floor(frameNumber / fps) % 2 === 0 ? 3600 * CLOCK_HZ : -10 * CLOCK_HZ;
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}
