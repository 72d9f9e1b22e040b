import type { RgbImage } from '@camfleet/domain';
import { MotionGate } from './motion-gate';

const WIDTH = 320;
const HEIGHT = 180;
const INTERVAL_MS = 200;
// Under jest each look at a global costs a look at its sandbox.
const { imul, max, min } = Math;

interface Thing {
  x: number;
  y: number;
  size: number;
  level: number;
}

/** A grey room with the noise of a cheap sensor (±8 levels), its own clock and its own dice. */
class Room {
  timeMs = 0;
  somebody = false;
  light = 0;
  private dice = 12345;
  readonly gate: MotionGate;

  constructor(isMasked?: (x: number, y: number) => boolean) {
    this.gate = new MotionGate({ intervalMs: INTERVAL_MS, isMasked });
  }

  picture(things: readonly Thing[] = []): RgbImage {
    const data = new Uint8Array(WIDTH * HEIGHT * 3);
    const draw = (x: number, y: number, level: number) => {
      this.dice = (imul(this.dice, 1103515245) + 12345) & 0x7fffffff;
      const noise = ((this.dice >> 8) % 17) - 8;
      data[(y * WIDTH + x) * 3 + 1] = max(0, min(255, level + this.light + noise));
    };
    for (let y = 0; y < HEIGHT; y += 1) for (let x = 0; x < WIDTH; x += 1) draw(x, y, 60 + (x >> 2));
    for (const { x: left, y: top, size, level } of things)
      for (let y = top; y < top + size; y += 1)
        for (let x = Math.round(left); x < left + size; x += 1) draw(x, y, level);
    return { data, width: WIDTH, height: HEIGHT };
  }

  /** @returns how many of the pictures the detector had to look at */
  looks(pictures: number, things?: (index: number) => Thing[]): number {
    let looks = 0;
    for (let index = 0; index < pictures; index += 1) {
      const picture = this.picture(things?.(index));
      if (this.gate.opens(picture, { timestampMs: this.timeMs, somebody: this.somebody })) looks += 1;
      this.timeMs += INTERVAL_MS;
    }
    return looks;
  }
}

const PER_MINUTE = 60_000 / INTERVAL_MS;

describe('MotionGate: the detector looks where something can have changed', () => {
  it('looks under five times a minute at a still scene, noise and all', () => {
    const room = new Room();
    room.looks(10);
    expect(room.looks(PER_MINUTE)).toBeLessThan(5);
  });

  it('looks several times at a small face that comes and then stands still', () => {
    const room = new Room();
    room.looks(30);
    expect(room.looks(10, () => [{ x: 100, y: 50, size: 12, level: 180 }])).toBeGreaterThanOrEqual(4);
  });

  it('sees somebody who moves so slowly that two pictures hardly differ', () => {
    const room = new Room();
    room.looks(30);
    const looks = room.looks(100, (index) => [{ x: 100 + index / 10, y: 50, size: 16, level: 140 }]);
    expect(looks).toBeGreaterThan(15);
  });

  it('does not take a cloud for a person', () => {
    const room = new Room();
    room.looks(30);
    room.light = 25;
    expect(room.looks(20)).toBe(0);
  });

  it('gets used to what flickers while nobody is there, and still sees a person in front of it', () => {
    const room = new Room();
    const clock = (index: number) => [{ x: 8, y: 8, size: 16, level: index % 5 === 0 ? 110 : 60 }];
    room.looks(2 * PER_MINUTE, clock);
    expect(room.looks(PER_MINUTE, clock)).toBeLessThan(10);
    expect(room.looks(5, () => [{ x: 4, y: 4, size: 30, level: 230 }])).toBeGreaterThan(0);
  });

  it('does not get used to somebody who is followed', () => {
    const room = new Room();
    room.looks(30);
    room.somebody = true;
    const nodding = (index: number) => [{ x: 100, y: 50 + (index % 3) * 6, size: 16, level: 160 }];
    expect(room.looks(PER_MINUTE, nodding)).toBe(PER_MINUTE);
  });

  it('is not opened by what moves where nobody looks', () => {
    const room = new Room((x) => x < 0.5);
    room.looks(10);
    expect(room.looks(50, (index) => [{ x: (index * 5) % 130, y: 50, size: 20, level: 200 }])).toBe(0);
  });

  it('begins anew with pictures of another size', () => {
    const room = new Room();
    room.looks(30);
    const small = { data: new Uint8Array(160 * 90 * 3), width: 160, height: 90 };
    expect(room.gate.opens(small, { timestampMs: room.timeMs, somebody: false })).toBe(true);
  });
});
