import { WorkerEvent } from '@camfleet/protocol';
import type { FaceDescription } from '@camfleet/vision';
import { FaceVisits, type FaceVisitsOptions, type VisitPlan } from './face-visits';
import type { VisitEvent } from './track-event';

const FRAME = { width: 1280, height: 720 };
const INTERVAL_MS = 200;
const START_MS = Date.UTC(2026, 0, 1);
const ANN = Float32Array.of(0.6, 0.8);
const BOB = Float32Array.of(0.8, -0.6);

/** A camera with its own clock, 5 frames a second; `quality` is what the models find in every face. */
class Scene {
  timeMs = START_MS;
  quality = 0.5;
  /** Whom the camera sees. */
  face = ANN;
  modelsFail = false;
  readonly plans: VisitPlan[] = [];
  readonly events: VisitEvent[] = [];
  readonly visits: FaceVisits;

  constructor(options: Partial<FaceVisitsOptions> = {}) {
    this.visits = new FaceVisits({
      cameraId: 'cam1',
      epoch: 7,
      embedder: { model: 'm', version: '1' },
      analysisIntervalMs: INTERVAL_MS,
      minFaceHeightPx: 30,
      samePersonScore: 0.4,
      ...options,
    });
  }

  /** @param faces left edges; the faces are 144 px high unless `height` (a fraction) says otherwise */
  frame(faces: readonly number[], height = 0.2): VisitEvent[] {
    const detections = faces.map((x) => ({ box: [x, 0.3, 0.1, height] as const, score: 0.9 }));
    const plan = this.visits.observe(detections, { captureTimeMs: this.timeMs, frame: FRAME });
    this.plans.push(plan);
    const events = this.visits.described(
      plan,
      this.modelsFail ? [] : plan.describe.map((order) => this.look(order)),
    );
    this.events.push(...events);
    this.timeMs += INTERVAL_MS;
    return events;
  }

  frames(count: number, faces: readonly number[], height?: number): VisitEvent[] {
    return Array.from({ length: count }, () => this.frame(faces, height)).flat();
  }

  private look({ region, embedFromScore }: VisitPlan['describe'][number]): FaceDescription {
    const { heightPx, cutOff } = region;
    const quality = {
      score: this.quality,
      heightPx,
      cutOff,
      exposure: 1,
      sharpness: 1,
      yaw: 0,
      pitch: 0,
      roll: 0,
    };
    const isEmbedded = embedFromScore !== undefined && this.quality >= embedFromScore;
    return isEmbedded ? { quality, embedding: this.face } : { quality };
  }
}

const states = (events: readonly VisitEvent[]) => events.map(({ event }) => event.state);

describe('FaceVisits: one person passing is one visit', () => {
  it('tells a new face with the frame that confirms it, with picture and embedding', () => {
    const scene = new Scene();
    expect(scene.frames(2, [0.4])).toEqual([]);
    const [told] = scene.frame([0.4]);
    expect(told?.event).toMatchObject({
      type: 'face',
      state: 'new',
      cameraId: 'cam1',
      epoch: 7,
      occurredAt: '2026-01-01T00:00:00.400Z',
      score: 0.9,
      box: [0.4, 0.3, 0.1, 0.2],
      quality: { score: 0.5, heightPx: 144 },
      embedding: { model: 'm', version: '1', vector: [expect.closeTo(0.6), expect.closeTo(0.8)] },
    });
    expect(told?.snapshotOf).toEqual({ x: 402, y: 114, width: 346, height: 346 });
  });

  it('gives events that the API accepts', () => {
    const scene = new Scene();
    scene.frames(4, [0, 0.9]);
    scene.events.push(...scene.visits.flush());
    expect(states(scene.events)).toEqual(['new', 'new', 'end', 'end']);
    for (const { event } of scene.events) expect(WorkerEvent.parse(event)).toEqual(event);
  });

  it('says of somebody who stands there no more than that it is surer who they are', () => {
    const scene = new Scene();
    expect(states(scene.frames(50, [0.4]))).toEqual(['new', 'update', 'update']);
  });

  it('looks at a face that cannot be better four times to be sure, and then now and again', () => {
    const scene = new Scene();
    scene.quality = 0.95;
    scene.frames(20, [0.4]);
    expect(scene.plans.filter(({ describe }) => describe.length > 0)).toHaveLength(4);
    scene.frames(50, [0.4]);
    expect(scene.plans.filter(({ describe }) => describe.length > 0).length).toBeLessThanOrEqual(8);
  });

  it('tells a better picture, at most one a second', () => {
    const scene = new Scene();
    scene.quality = 0.2;
    scene.frames(3, [0.4]);
    const updates = Array.from({ length: 15 }, (_, step) => {
      scene.quality = 0.3 + step * 0.05;
      return scene.frame([0.4]);
    }).flat();
    expect(states(updates)).toEqual(['update', 'update', 'update']);
    const times = updates.map(({ event }) => Date.parse(event.occurredAt));
    times.slice(1).forEach((time, index) => expect(time - (times[index] ?? 0)).toBeGreaterThanOrEqual(1_000));
    expect(updates.every(({ event }) => event.embedding !== undefined)).toBe(true);
  });

  it('does not take a little better for better', () => {
    const scene = new Scene();
    scene.quality = 0.2;
    scene.frames(3, [0.4], 0.05);
    scene.quality = 0.22;
    expect(scene.frames(20, [0.4], 0.05)).toEqual([]);
  });

  it('tells the first embedding as soon as the face is good enough for one', () => {
    const scene = new Scene();
    scene.quality = 0.07;
    expect(scene.frames(3, [0.4])[0]?.event.embedding).toBeUndefined();
    scene.quality = 0.09;
    const [update] = scene.frames(6, [0.4]);
    expect(update?.event).toMatchObject({
      state: 'update',
      embedding: { vector: [expect.closeTo(0.6), expect.closeTo(0.8)] },
    });
  });

  it('asks for no embedding of a face too small for one', () => {
    const scene = new Scene();
    scene.frames(3, [0.4], 0.05);
    expect(scene.plans.at(-1)?.describe).toMatchObject([{ embedFromScore: undefined }]);
  });

  it('does not look at faces below the camera’s limit', () => {
    const scene = new Scene({ minFaceHeightPx: 150 });
    expect(scene.frames(10, [0.4])).toEqual([]);
  });

  it('tells the visit also when the models fail', () => {
    const scene = new Scene();
    scene.modelsFail = true;
    const [told] = scene.frames(10, [0.4]);
    expect(told?.event).toMatchObject({ state: 'new', id: `${told?.event.trackId}:new` });
    expect(told?.event.quality).toBeUndefined();
    expect(told?.snapshotOf).toBeDefined();
    scene.modelsFail = false;
    expect(scene.frames(6, [0.4])[0]?.event).toMatchObject({ state: 'update', quality: { score: 0.5 } });
  });
});

describe('the end of a visit', () => {
  it('comes after the gap that a visit survives, with the time when the face was last seen', () => {
    const scene = new Scene();
    scene.frames(5, [0.4]);
    expect(scene.frames(9, [])).toEqual([]);
    scene.frames(1, [0.4]);
    const [ended, ...others] = scene.frames(30, []);
    expect(others).toEqual([]);
    const { trackId } = scene.events[0]?.event ?? {};
    expect(ended?.event).toMatchObject({
      id: `${trackId}:end`,
      state: 'end',
      occurredAt: '2026-01-01T00:00:02.800Z',
      data: { durationMs: 2_800, sightings: 6, bestQuality: 0.5 },
    });
  });

  it('comes for everybody when the camera stops, once', () => {
    const scene = new Scene();
    scene.frames(5, [0.1, 0.6]);
    expect(states(scene.visits.flush())).toEqual(['end', 'end']);
    expect(scene.visits.flush()).toEqual([]);
  });

  it('is not told without a beginning: a visit whose frames were all dropped is told in full', () => {
    const { visits } = new Scene();
    for (let frame = 0; frame < 4; frame += 1) {
      const moment = { captureTimeMs: START_MS + frame * INTERVAL_MS, frame: FRAME };
      visits.observe([{ box: [0.4, 0.3, 0.1, 0.2], score: 0.9 }], moment);
    }
    const events = visits.flush();
    expect(states(events)).toEqual(['new', 'end']);
    expect(events.some(({ snapshotOf }) => snapshotOf !== undefined)).toBe(false);
  });

  it('gives the next visit another id, also in another process of the same epoch', () => {
    const ids = [new Scene(), new Scene()].flatMap((scene) => {
      scene.frames(3, [0.4]);
      scene.frames(30, []);
      scene.frames(3, [0.4]);
      return scene.events.filter(({ event }) => event.state === 'new').map(({ event }) => event.trackId);
    });
    expect(new Set(ids).size).toBe(4);
  });
});

describe('who comes back, and who takes somebody’s place', () => {
  it('goes on with the visit of somebody who turns away for some seconds, wherever they are then', () => {
    const scene = new Scene();
    scene.frames(10, [0.1]);
    scene.frames(20, []);
    scene.frames(10, [0.7]);
    scene.frames(30, []);
    expect(states(scene.events).filter((state) => state !== 'update')).toEqual(['new', 'end']);
    const end = scene.events.at(-1)?.event;
    expect(end?.trackId).toBe(scene.events[0]?.event.trackId);
    expect(end).toMatchObject({ data: { firstSeenAt: '2026-01-01T00:00:00.000Z', sightings: 20 } });
  });

  it('tells the better picture of somebody who is back at once, and none is best that was not told', () => {
    const scene = new Scene();
    scene.frames(10, [0.4]);
    scene.frames(12, []);
    scene.quality = 0.9;
    const back = scene.frames(4, [0.1]);
    expect(back.map(({ event }) => [event.state, event.quality?.score])).toEqual([['update', 0.9]]);
    scene.frames(12, []);
    // Somebody else is waited for with a good picture, and told with a poor one.
    scene.face = BOB;
    scene.frames(5, [0.8]);
    scene.quality = 0.3;
    const told = scene.frames(5, [0.8]);
    expect(told.map(({ event }) => [event.state, event.quality?.score])).toEqual([['new', 0.3]]);
    scene.quality = 0.8;
    expect(scene.frames(6, [0.8])[0]?.event).toMatchObject({ state: 'update', quality: { score: 0.8 } });
  });

  it('begins a visit of its own for somebody else', () => {
    const scene = new Scene();
    scene.frames(10, [0.1]);
    scene.frames(12, []);
    scene.face = BOB;
    scene.frames(10, [0.1]);
    scene.frames(40, []);
    expect(states(scene.events).filter((state) => state !== 'update')).toEqual(['new', 'new', 'end', 'end']);
  });

  it('waits a moment for the face of somebody who may be back, and tells them all the same without', () => {
    const scene = new Scene();
    scene.frames(10, [0.1]);
    scene.frames(12, []);
    scene.quality = 0.05;
    expect(scene.frames(5, [0.7])).toEqual([]);
    expect(states(scene.frames(3, [0.7]))).toContain('new');
  });

  it('ends a visit whose track has passed to somebody else, and never mixes the two', () => {
    const scene = new Scene();
    scene.frames(20, [0.4]);
    scene.face = BOB;
    scene.frames(30, [0.4]);
    const visits = scene.events.filter(({ event }) => event.state !== 'update').map(({ event }) => event);
    expect(visits.map(({ state }) => state)).toEqual(['new', 'end', 'new']);
    expect(visits[2]?.embedding?.vector).toEqual([expect.closeTo(0.8), expect.closeTo(-0.6)]);
    for (const { event } of scene.events)
      if (event.trackId === visits[0]?.trackId && event.embedding)
        expect(event.embedding.vector[1]).toBeCloseTo(0.8);
  });

  it('does not believe a single picture that does not fit', () => {
    const scene = new Scene();
    scene.frames(20, [0.4]);
    const before = scene.plans.filter(({ describe }) => describe.length > 0).length;
    scene.face = BOB;
    while (scene.plans.filter(({ describe }) => describe.length > 0).length === before) scene.frame([0.4]);
    scene.face = ANN;
    scene.frames(40, [0.4]);
    expect(states(scene.events)).not.toContain('end');
  });
});

describe('a still picture', () => {
  it('keeps who is in it, without a look', () => {
    const scene = new Scene();
    scene.frames(5, [0.4]);
    for (let frame = 0; frame < 50; frame += 1) {
      scene.visits.hold(scene.timeMs);
      scene.timeMs += INTERVAL_MS;
    }
    expect(scene.visits.overlayAt(scene.timeMs)).toHaveLength(1);
    const ends = scene.frames(40, []).filter(({ event }) => event.state === 'end');
    expect(ends).toMatchObject([{ event: { occurredAt: '2026-01-01T00:00:10.800Z' } }]);
  });
});

describe('slow analysis', () => {
  it('still makes visits at one frame a second', () => {
    const visits = new FaceVisits({
      cameraId: 'cam1',
      epoch: 1,
      embedder: { model: 'm', version: '1' },
      analysisIntervalMs: 1_000,
      minFaceHeightPx: 0,
      samePersonScore: 0.4,
    });
    const events = [0, 1, 2].flatMap((second) => {
      const moment = { captureTimeMs: START_MS + second * 1_000, frame: FRAME };
      return visits.described(visits.observe([{ box: [0.4, 0.3, 0.1, 0.2], score: 0.9 }], moment), []);
    });
    expect(states(events)).toEqual(['new']);
    expect(events[0]?.event.occurredAt).toBe('2026-01-01T00:00:01.000Z');
  });
});

describe('the overlay', () => {
  it('draws a box where the face is by now, and hides it when two analyses did not show it', () => {
    const scene = new Scene();
    [0.1, 0.12, 0.14].forEach((x) => scene.frame([x]));
    const seenAtMs = scene.timeMs - INTERVAL_MS;
    expect(scene.visits.overlayAt(seenAtMs + 200)[0]?.box[0]).toBeCloseTo(0.16, 6);
    scene.frame([]);
    expect(scene.visits.overlayAt(scene.timeMs)).toHaveLength(1);
    scene.frame([]);
    expect(scene.visits.overlayAt(scene.timeMs)).toEqual([]);
  });

  it('has boxes on a machine that is too slow for the analysis, but no old ones', () => {
    const scene = new Scene();
    scene.frames(3, [0.4]);
    const seenAtMs = scene.timeMs - INTERVAL_MS;
    expect(scene.visits.overlayAt(seenAtMs + 1_500)).toHaveLength(1);
    expect(scene.visits.overlayAt(seenAtMs + 1_501)).toEqual([]);
  });

  it('finds a face where less than one frame a second can be analysed', () => {
    const { visits } = new Scene();
    const told = [0, 1, 2].map((step) => {
      const moment = { captureTimeMs: START_MS + step * 1_100, frame: FRAME };
      return visits.described(visits.observe([{ box: [0.4, 0.3, 0.1, 0.2], score: 0.9 }], moment), []);
    });
    expect(states(told.flat())).toEqual(['new']);
    expect(visits.overlayAt(START_MS + 3_000)).toHaveLength(1);
  });

  it('shows no flicker', () => {
    const scene = new Scene();
    scene.frame([0.4]);
    expect(scene.visits.overlayAt(scene.timeMs)).toEqual([]);
  });

  it('keeps boxes inside the picture', () => {
    const scene = new Scene();
    [0.78, 0.82, 0.86].forEach((x) => scene.frame([x]));
    const [{ box } = { box: [0, 0, 0, 0] }] = scene.visits.overlayAt(scene.timeMs + INTERVAL_MS);
    expect(box[0] + box[2]).toBeLessThanOrEqual(1);
  });
});
