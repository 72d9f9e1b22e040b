import { WorkerEvent } from '@camfleet/protocol';
import type { ObjectDetection } from '@camfleet/vision';
import { ObjectVisits } from './object-visits';
import type { VisitEvent } from './track-event';
import { ZoneFilter } from './zone-filter';
import { ZoneWatch } from './zone-watch';

const FRAME = { width: 1280, height: 720 };
const INTERVAL_MS = 200;
const ORIGIN = { cameraId: 'cam1', epoch: 7 };

type Points = [number, number][];
const RIGHT_HALF: Points = [
  [0.5, 0],
  [1, 0],
  [1, 1],
  [0.5, 1],
];
const DOWN_THE_MIDDLE: Points = [
  [0.5, 0],
  [0.5, 1],
];

/** A camera with its own clock, 5 frames a second. */
class Scene {
  timeMs = Date.UTC(2026, 0, 1);
  score = 0.6;
  label = 'car';
  readonly events: VisitEvent[] = [];
  readonly visits: ObjectVisits;

  constructor(zones: ConstructorParameters<typeof ZoneWatch>[0] = [], watch = new ZoneWatch(zones, ORIGIN)) {
    this.visits = new ObjectVisits({
      ...ORIGIN,
      analysisIntervalMs: INTERVAL_MS,
      watch,
      zones: new ZoneFilter(zones),
      sureScore: 0.4,
    });
  }

  /** @param things left edges of cars of a fifth of the frame */
  frame(...things: number[]): void {
    const detections = things.map((x): ObjectDetection => ({
      box: [x, 0.4, 0.2, 0.2],
      score: this.score,
      label: this.label,
    }));
    this.take(this.visits.observe(detections, { captureTimeMs: this.timeMs, frame: FRAME }));
  }

  frames(count: number, ...things: number[]): void {
    for (let frame = 0; frame < count; frame += 1) this.frame(...things);
  }

  drive(from: number, to: number): void {
    const step = from < to ? 0.04 : -0.04;
    for (let x = from; step > 0 ? x <= to : x >= to; x += step) this.frame(x);
  }

  take(events: VisitEvent[]): void {
    this.events.push(...events);
    this.timeMs += INTERVAL_MS;
  }

  of(type: string) {
    return this.events.map(({ event }) => event).filter((event) => event.type === type);
  }
}

describe('ObjectVisits: one thing passing is one visit', () => {
  it('is told when it comes, better when it is seen better, and when it is gone', () => {
    const scene = new Scene();
    scene.frames(10, 0.4);
    scene.score = 0.9;
    scene.frames(10, 0.4);
    scene.frames(15);
    expect(scene.of('object').map(({ state }) => state)).toEqual(['new', 'update', 'end']);
    expect(new Set(scene.of('object').map(({ trackId }) => trackId)).size).toBe(1);
    expect(scene.of('object')[0]).toMatchObject({ label: 'car', score: 0.6, box: [0.4, 0.4, 0.2, 0.2] });
    expect(scene.events[0]?.snapshotOf).toEqual({ x: 472, y: 192, width: 334, height: 334 });
    expect(scene.of('object')[2]).toMatchObject({ data: { durationMs: 3_800, sightings: 20 } });
  });

  it('is named by all that was seen of it, and says so once when that turns: a truck, after all', () => {
    const scene = new Scene();
    scene.frames(3, 0.4);
    scene.label = 'truck';
    scene.frames(20, 0.4);
    scene.label = 'car';
    scene.frames(1, 0.4);
    scene.take(scene.visits.flush());
    expect(scene.of('object').map(({ state, label }) => [state, label])).toEqual([
      ['new', 'car'],
      ['update', 'truck'],
      ['end', 'truck'],
    ]);
  });

  it('gives events that the API accepts', () => {
    const scene = new Scene([
      { id: 'z', name: 'Yard', kind: 'include', points: RIGHT_HALF },
      { id: 'l', name: 'Gate', kind: 'line', points: DOWN_THE_MIDDLE },
    ]);
    scene.drive(0, 0.8);
    scene.take(scene.visits.flush());
    expect(scene.events.map(({ event }) => event.type)).toEqual(expect.arrayContaining(['zone', 'line']));
    for (const { event } of scene.events) expect(WorkerEvent.parse(event)).toEqual(event);
    expect(new Set(scene.events.map(({ event }) => event.id)).size).toBe(scene.events.length);
  });

  it('keeps what stands in a still picture', () => {
    const scene = new Scene();
    scene.frames(5, 0.4);
    for (let frame = 0; frame < 50; frame += 1) scene.take(scene.visits.hold(scene.timeMs));
    expect(scene.visits.boxesAt(scene.timeMs)).toMatchObject([{ label: 'car' }]);
    expect(scene.of('object').map(({ state }) => state)).toEqual(['new']);
  });

  it('comes to an end for everything when the camera stops', () => {
    const scene = new Scene();
    scene.frames(5, 0.1, 0.6);
    scene.take(scene.visits.flush());
    expect(scene.of('object').map(({ state }) => state)).toEqual(['new', 'new', 'end', 'end']);
  });
});

describe('zones and lines', () => {
  const yard = { id: 'z', name: 'Yard', kind: 'include' as const, points: RIGHT_HALF };
  const gate = { id: 'l', name: 'Gate', kind: 'line' as const, points: DOWN_THE_MIDDLE };

  it('tell who enters, stays and leaves', () => {
    const scene = new Scene([yard]);
    scene.drive(0, 0.7);
    scene.frames(60, 0.7);
    scene.drive(0.7, 0.1);
    expect(scene.of('zone').map(({ data }) => data)).toEqual([
      { zoneId: 'z', zoneName: 'Yard', change: 'enter', insideMs: 0 },
      { zoneId: 'z', zoneName: 'Yard', change: 'dwell', insideMs: expect.any(Number) },
      { zoneId: 'z', zoneName: 'Yard', change: 'leave', insideMs: expect.any(Number) },
    ]);
  });

  it('tell who stays by the time that the zone asks for', () => {
    const stays = (dwellSeconds: number) => {
      const scene = new Scene([{ ...yard, dwellSeconds }]);
      scene.drive(0, 0.7);
      scene.frames(60, 0.7);
      return scene.of('zone').filter(({ data }) => data?.change === 'dwell');
    };
    expect(stays(3)).toMatchObject([{ data: { insideMs: expect.any(Number) } }]);
    expect(Number(stays(3)[0]?.data?.insideMs)).toBeLessThan(5_000);
    expect(stays(600)).toEqual([]);
  });

  it('leave out what never comes near one', () => {
    const scene = new Scene([yard]);
    scene.frames(10, 0.1);
    scene.frames(20);
    expect(scene.events).toEqual([]);
  });

  it('forget also who was never told: a busy street would fill the memory', () => {
    const ended: string[] = [];
    class Watch extends ZoneWatch {
      override end(visit: Parameters<ZoneWatch['end']>[0]) {
        ended.push(visit.trackId);
        return super.end(visit);
      }
    }
    const scene = new Scene([yard, gate], new Watch([yard, gate], ORIGIN));
    scene.frames(10, 0.1);
    scene.frames(20);
    expect(scene.events).toEqual([]);
    expect(ended).toHaveLength(1);
  });

  it('tell that somebody has left who was last seen inside', () => {
    const scene = new Scene([yard]);
    scene.drive(0, 0.7);
    scene.frames(15);
    expect(scene.of('zone').map(({ data }) => data?.change)).toEqual(['enter', 'leave']);
  });

  it('count who crosses a line, by direction', () => {
    const scene = new Scene([gate]);
    scene.drive(0, 0.8);
    scene.drive(0.8, 0);
    expect(scene.of('line').map(({ data }) => data)).toEqual([
      { zoneId: 'l', zoneName: 'Gate', direction: 'rightToLeft', counts: { leftToRight: 0, rightToLeft: 1 } },
      { zoneId: 'l', zoneName: 'Gate', direction: 'leftToRight', counts: { leftToRight: 1, rightToLeft: 1 } },
    ]);
  });

  it('count nobody who is not told of: the counts would be of events that nobody has', () => {
    const street = { ...gate, points: [[0.25, 0], [0.25, 1]] satisfies Points }; // prettier-ignore
    const scene = new Scene([yard, street]);
    scene.drive(0, 0.28);
    scene.frames(15);
    expect(scene.events).toEqual([]);
    scene.drive(0, 0.7);
    scene.drive(0.7, 0);
    expect(scene.of('line').map(({ data }) => data?.counts)).toEqual([{ leftToRight: 1, rightToLeft: 0 }]);
  });
});
