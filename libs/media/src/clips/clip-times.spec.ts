import { clipTimes } from './clip-times';

/** `I` begins a group; the number is when the sender says that the picture is shown, in units of 40 ms. */
function shown(stream: readonly string[], jitterMs: readonly number[] = []): (string | number)[][] {
  const packets = stream.map((name, index) => ({
    name,
    isKeyframe: name.startsWith('I'),
    captureTimeMs: 1_000 + index * 40 + (jitterMs[index] ?? 0),
    presentationTimeMs: name.length > 1 ? Number(name.slice(1)) * 40 : undefined,
  }));
  const timed = clipTimes(packets, 1_000);
  for (const [index, { decodedAt, shownAt }] of timed.entries()) {
    expect(shownAt).toBeGreaterThanOrEqual(decodedAt);
    if (index > 0) expect(decodedAt).toBeGreaterThan(timed[index - 1]?.decodedAt ?? 0);
  }
  const inOrder = [...timed].sort((a, b) => a.shownAt - b.shownAt);
  return inOrder.map(({ packet, shownAt }) => [packet.name, shownAt]);
}

describe('the times of a clip', () => {
  it('are those at which pictures without reordering came in', () => {
    expect(shown(['I0', 'P1', 'P2'], [0, 7, 0])).toEqual([
      ['I0', 0],
      ['P1', 47],
      ['P2', 80],
    ]);
  });

  it('show B-frames of RTSP in their places, though nobody says when they are decoded', () => {
    const names = shown(['I', 'P3', 'B1', 'B2', 'P6', 'B4', 'B5']).map(([name]) => name);
    expect(names).toEqual(['I', 'B1', 'B2', 'P3', 'B4', 'B5', 'P6']);
  });

  it('keep that order when the network holds packets back', () => {
    const jitter = [0, 200, 160, 120, 80, 40, 0];
    const names = shown(['I0', 'P3', 'B1', 'B2', 'P6', 'B4', 'B5'], jitter).map(([name]) => name);
    expect(names).toEqual(['I0', 'B1', 'B2', 'P3', 'B4', 'B5', 'P6']);
  });

  it("go on when the sender's clock jumps", () => {
    const times = shown(['I900', 'P902', 'B901', 'I3', 'P5', 'B4']);
    expect(times.map(([name]) => name)).toEqual(['I900', 'B901', 'P902', 'I3', 'B4', 'P5']);
    expect(times.at(-1)).toEqual(['P5', 200]);
  });

  it('leave out what cannot be decoded: pictures before the first keyframe that need the group before', () => {
    const names = shown(['I3', 'B1', 'B2', 'P6', 'B4', 'B5', 'I9', 'B7', 'B8']).map(([name]) => name);
    expect(names).toEqual(['I3', 'B4', 'B5', 'P6', 'B7', 'B8', 'I9']);
  });

  it('are in the order of arrival where the sender gives none', () => {
    expect(shown(['I', 'P', 'P'])).toEqual([
      ['I', 0],
      ['P', 40],
      ['P', 80],
    ]);
  });
});
