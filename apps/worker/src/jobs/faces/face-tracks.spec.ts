import type { Box } from '@camfleet/domain';
import type { DescribeRequest, FaceDescription, FaceDetection } from '@camfleet/vision';
import type { RecordedFrame } from '../tracks/recorded-frame';
import { FaceTracks } from './face-tracks';
import { type FoundFace, FaceTracksState } from './face-tracks-state';

const INTERVAL_MS = 100;
/** Two people whom nobody confuses, told apart here by where they stand. */
const [ANN, BOB] = [0.2, 0.7];

const frameAt = (timestampMs: number): RecordedFrame => ({
  timestampMs,
  size: { width: 640, height: 360 },
  cutRegion: (rect, { width, height }) =>
    Promise.resolve({
      data: new Uint8Array(width * height * 3).fill((rect.x + timestampMs) % 251),
      width,
      height,
    }),
});

const face = (x: number): FaceDetection => ({ box: [x, 0.3, 0.1, 0.25] satisfies Box, score: 0.9 });

interface Scene {
  frames: number;
  facesAt(index: number): number[];
  /** Whose face is where. */
  isAnn(x: number, index: number): boolean;
}

function tracksOf(
  scene: Scene,
  { index, stored }: { index: () => number; stored: number[] },
  state?: FaceTracksState,
) {
  const describe = (requests: readonly DescribeRequest[]): Promise<FaceDescription[]> =>
    Promise.resolve(
      requests.map(({ region }) => {
        const isAnn = scene.isAnn((region.rect.x + region.rect.width / 2) / 640 - 0.05, index());
        const score = 0.4 + 0.3 * Math.abs(Math.sin(index()));
        const quality = {
          score,
          heightPx: 90,
          sharpness: 1,
          exposure: 1,
          yaw: 0,
          pitch: 0,
          roll: 0,
          cutOff: false,
        };
        return { quality, embedding: Float32Array.from(isAnn ? [0.6, 0.8, 0] : [0, 0, 1]) };
      }),
    );
  const store = ({ trackId }: { trackId: number }) => {
    stored.push(trackId);
    return Promise.resolve(`faces/${trackId}.jpg`);
  };
  return new FaceTracks({ intervalMs: INTERVAL_MS, samePersonScore: 0.4, describe, store }, state);
}

async function run(scene: Scene, killedAfter: readonly number[] = []) {
  let at = 0;
  const tools = { index: () => at, stored: [] };
  let tracks = tracksOf(scene, tools);
  let found: FoundFace[] = [];
  let checkpoint: { index: number; json: string; found: FoundFace[] } | undefined;
  const kills = [...killedAfter];
  for (at = 0; at < scene.frames; at += 1) {
    await tracks.observe(scene.facesAt(at).map(face), frameAt(at * INTERVAL_MS));
    if (at % 20 === 19) {
      found.push(...tracks.takeFound());
      checkpoint = { index: at, json: JSON.stringify(await tracks.state()), found: [...found] };
    }
    if (at !== kills[0]) continue;
    kills.shift();
    found = [...(checkpoint?.found ?? [])];
    tracks = tracksOf(scene, tools, checkpoint && FaceTracksState.parse(JSON.parse(checkpoint.json)));
    at = checkpoint?.index ?? -1;
  }
  return [...found, ...(await tracks.end())].sort((a, b) => a.trackId - b.trackId);
}

const byPlace = (x: number) => x < 0.45;

describe('FaceTracks: one track a person', () => {
  it('goes on with the same track when somebody turns away for three seconds, and not with somebody else’s', async () => {
    const away = (index: number) => index >= 30 && index < 60;
    const back = await run({ frames: 100, facesAt: (index) => (away(index) ? [] : [ANN]), isAnn: byPlace });
    expect(back).toMatchObject([{ trackId: 1, startMs: 0, endMs: 9_900, embedding: [0.6, 0.8, 0] }]);
    const other = await run({
      frames: 100,
      facesAt: (index) => (away(index) ? [] : [ANN]),
      isAnn: (_x, index) => index < 45,
    });
    expect(other.map(({ startMs, endMs }) => [startMs, endMs])).toEqual([
      [0, 2_900],
      [6_000, 9_900],
    ]);
  });

  it('ends one track and begins another when somebody takes the place of somebody', async () => {
    const found = await run({ frames: 100, facesAt: () => [ANN], isAnn: (_x, index) => index < 50 });
    expect(found.map(({ embedding }) => embedding)).toEqual([
      [0.6, 0.8, 0],
      [0, 0, 1],
    ]);
  });

  it('gives the same tracks wherever it was killed', async () => {
    const scene: Scene = {
      frames: 140,
      facesAt: (index) => [
        ...(index < 40 || index > 70 ? [ANN + index / 2_000] : []),
        ...(index > 25 && index < 110 ? [BOB - index / 3_000] : []),
      ],
      isAnn: byPlace,
    };
    const whole = await run(scene);
    expect(whole).toHaveLength(2);
    for (const kills of [[3], [27, 50], [66, 79, 121]]) expect(await run(scene, kills)).toEqual(whole);
  });
});
