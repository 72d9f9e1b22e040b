import { createHash } from 'node:crypto';
import type { Box, RgbImage } from '@camfleet/domain';
import { decodeImage } from '@camfleet/media';
import type { ObjectDetection } from '@camfleet/vision';
import type { RecordedFrame } from '../tracks/recorded-frame';
import { ObjectTracks } from './object-tracks';
import { type FoundObjects, ObjectTracksState } from './object-tracks-state';

const INTERVAL_MS = 100;
const FRAMES = 120;
const CAR: Box = [0.1, 0.1, 0.2, 0.15];

/** A picture of which every cut tells where and when it was made. */
function frameAt(timestampMs: number): RecordedFrame {
  return {
    timestampMs,
    size: { width: 640, height: 360 },
    cutRegion: (rect, { width, height }): Promise<RgbImage> => {
      const data = new Uint8Array(width * height * 3);
      for (let at = 0; at < data.length; at += 1) data[at] = (at * (1 + rect.x) + timestampMs + rect.y) % 251;
      return Promise.resolve({ data, width, height });
    },
  };
}

/** Somebody walks in and grows, another one passes the other way, a car stands, something flickers, and an
 * arm reaches in. */
function seenAt(index: number): ObjectDetection[] {
  const wobble = 0.004 * Math.sin(index * 7);
  const seen: ObjectDetection[] = [];
  const add = (label: string, box: Box, score: number) => seen.push({ label, box, score });
  if (index > 10 && index < 60)
    add('person', [0.02 * (index - 10) * 0.6 + wobble, 0.3, 0.1 + index / 600, 0.3 + index / 200], 0.8);
  if (index > 30 && index < 90)
    add('person', [0.9 - 0.01 * (index - 30), 0.2 + wobble, 0.1, 0.4], 0.6 + wobble);
  add('car', CAR, 0.5);
  if (index > 20 && index < 50) add('person', [0.6, 0, 0.25 - wobble, 0.3 + wobble], 0.7);
  if (index === 50 || index === 51) add('dog', [0.7, 0.8, 0.1, 0.1], 0.9);
  return seen;
}

interface Stored {
  trackId: number;
  offsetMs: number;
  hash: string;
}

function tracksOf(stored: Stored[], state?: ObjectTracksState): ObjectTracks {
  return new ObjectTracks(
    {
      intervalMs: INTERVAL_MS,
      sureScore: 0.4,
      store: async ({ trackId, offsetMs, jpeg }) => {
        const { width, height } = await decodeImage(jpeg);
        expect([width, height]).toEqual([640, 640]);
        stored.push({ trackId, offsetMs, hash: createHash('sha256').update(jpeg).digest('hex') });
        return `snapshots/${trackId}_${offsetMs}.jpg`;
      },
    },
    state,
  );
}

/** What the newest file of each name holds. */
const files = (stored: readonly Stored[]) =>
  Object.fromEntries(stored.map(({ trackId, offsetMs, hash }) => [`${trackId}_${offsetMs}`, hash]));

/** Runs to the end; killed after each of these frames and begun anew from the last checkpoint, taken each 20 frames. */
async function run(killedAfter: readonly number[]) {
  const stored: Stored[] = [];
  let tracks = tracksOf(stored);
  let found: FoundObjects[] = [];
  let checkpoint: { index: number; json: string; parts: number } | undefined;
  const kills = [...killedAfter];
  for (let index = 0; index < FRAMES; index += 1) {
    await tracks.observe(seenAt(index), frameAt(index * INTERVAL_MS));
    if (index % 20 === 19) {
      found.push(tracks.takeFound());
      checkpoint = { index, json: JSON.stringify(await tracks.state()), parts: found.length };
    }
    if (index !== kills[0]) continue;
    kills.shift();
    found = found.slice(0, checkpoint?.parts ?? 0);
    tracks = tracksOf(stored, checkpoint && ObjectTracksState.parse(JSON.parse(checkpoint.json)));
    index = checkpoint?.index ?? -1;
  }
  found.push(await tracks.end());
  return {
    tracks: found.flatMap((part) => part.tracks).sort((a, b) => a.trackId - b.trackId),
    superseded: found.flatMap((part) => part.superseded),
    stored,
    checkpoint: checkpoint?.json ?? '',
  };
}

describe('ObjectTracks', () => {
  it('makes one track of each thing, none of a flicker or of an arm alone, and one picture each', async () => {
    const { tracks } = await run([]);
    expect(tracks.map(({ trackId, label }) => [trackId, label])).toEqual([
      [1, 'car'],
      [2, 'person'],
      [3, 'person'],
    ]);
    expect(tracks.map(({ startMs, endMs }) => [startMs, endMs])).toEqual([
      [0, 11_900],
      [1_100, 5_900],
      [3_100, 8_900],
    ]);
    // The walker grows: near the end they are largest. The car stands: its first picture is as good as any.
    expect(tracks[1]?.snapshot?.offsetMs).toBeGreaterThan(5_000);
    expect(tracks[0]?.snapshot).toMatchObject({ key: expect.stringMatching(/^snapshots\/1_/), score: 0.5 });
  });

  it('remembers nothing of what is over: a checkpoint is as large as what is in the picture', async () => {
    const { tracks, checkpoint } = await run([]);
    const { live } = ObjectTracksState.parse(JSON.parse(checkpoint));
    expect(live.map(({ number }) => number)).toEqual([1]);
    for (const { snapshot } of tracks.slice(1)) expect(checkpoint).not.toContain(snapshot?.key);
  });

  it('puts no picture of what may never count into a checkpoint: a car park full of them would fill it', async () => {
    const tracks = tracksOf([]);
    const perhaps: ObjectDetection = { label: 'car', box: CAR, score: 0.45 };
    for (let index = 0; index < 20; index += 1) await tracks.observe([perhaps], frameAt(index * INTERVAL_MS));
    const { live } = await tracks.state();
    expect(live).toHaveLength(1);
    expect(live[0]?.jpeg).toBeUndefined();
  });

  it('says of who walks past what looks a little like a person that they came then, not when the video began', async () => {
    const tracks = tracksOf([]);
    for (let index = 0; index < 110; index += 1) {
      const [x, score] = index < 100 ? [0.4, 0.43] : [0.4 + (index - 99) * 0.02, 0.8];
      await tracks.observe(
        [{ label: 'person', box: [x, 0.3, 0.1, 0.4], score }],
        frameAt(index * INTERVAL_MS),
      );
    }
    const { live } = await tracks.state();
    expect(live.map(({ glimpses }) => glimpses)).toEqual([[]]);
    const { tracks: found } = await tracks.end();
    expect(found).toMatchObject([{ trackId: 1, startMs: 8_000, endMs: 10_900 }]);
    expect(found[0]?.boxes[0]?.timestampMs).toBe(8_000);
  });

  it('gives the same tracks, keys and bytes wherever it was killed, and names what is not needed', async () => {
    const whole = await run([]);
    for (const kills of [[5], [13], [45], [25, 39, 58], [61, 99, 119]]) {
      const resumed = await run(kills);
      expect(resumed.tracks).toEqual(whole.tracks);
      expect(resumed.superseded).toEqual(whole.superseded);
      expect(files(resumed.stored)).toEqual(files(whole.stored));
    }
    const kept = whole.tracks.map(({ snapshot }) => snapshot?.key);
    const all = Object.keys(files(whole.stored)).map((name) => `snapshots/${name}.jpg`);
    expect([...kept, ...whole.superseded].sort()).toEqual(all.sort());
  });

  it('lets nobody of one scene go on as somebody of the next, who stands where they stood', async () => {
    const tracks = tracksOf([]);
    const somebody: ObjectDetection = { label: 'person', box: [0.3, 0.2, 0.2, 0.6], score: 0.8 };
    for (let index = 0; index < 20; index += 1) {
      if (index === 10) await tracks.cut();
      await tracks.observe([somebody], frameAt(index * INTERVAL_MS));
    }
    const found = await tracks.end();
    expect(found.tracks.map(({ trackId, startMs, endMs }) => [trackId, startMs, endMs])).toEqual([
      [1, 0, 900],
      [2, 1_000, 1_900],
    ]);
  });
});
