import { FrameChoice } from './frame-choice';
import { PacketPlan } from './packet-plan';
import type { Sampling } from './sampling';

/** What is taken of these times; pictures that are looked at count as still. */
function taken(sampling: Sampling, times: readonly number[]): number[] {
  const choice = new FrameChoice(sampling, undefined);
  return times.filter((time) => {
    const isTaken = choice.of(time) === 'take';
    if (isTaken) choice.take(time);
    return isTaken;
  });
}

const NTSC = Array.from({ length: 120 }, (_, index) => Math.round((index * 1001) / 30));

describe('FrameChoice', () => {
  it('takes the first frame of each second, though the rate does not divide it', () => {
    expect(taken({ kind: 'fps', fps: 1 }, NTSC)).toEqual([0, 1001, 2002, 3003]);
  });

  it('takes nothing twice and invents nothing where frames are missing', () => {
    expect(taken({ kind: 'fps', fps: 2 }, [0, 40, 3700, 3740, 4000])).toEqual([0, 3700, 4000]);
  });

  it('does not pass over a frame that a container has rounded to the millisecond before', () => {
    expect(taken({ kind: 'fps', fps: 3 }, [0, 167, 333, 500, 667])).toEqual([0, 333, 667]);
  });

  it('goes on counting after the last frame of an earlier run', () => {
    const choice = new FrameChoice({ kind: 'stride', stride: 3 }, { index: 4, timestampMs: 400 });
    expect([433, 467, 500].map((time) => choice.of(time))).toEqual(['pass', 'pass', 'take']);
    expect(choice.take(500)).toEqual({ index: 5, timestampMs: 500 });
  });

  it('looks for motion once between two frames of the slow rate', () => {
    const choice = new FrameChoice({ kind: 'adaptive', fps: 1, motionThreshold: 0.1 }, undefined);
    expect(choice.of(0)).toBe('take');
    choice.take(0);
    expect([400, 520, 560, 960, 1000].map((time) => choice.of(time))).toEqual([
      'pass',
      'look',
      'pass',
      'pass',
      'take',
    ]);
  });
});

describe('PacketPlan', () => {
  const grid = new FrameChoice({ kind: 'fps', fps: 1 }, undefined).cells;

  it('decodes whatever may be the first of its second, in whichever order packets come', () => {
    const plan = new PacketPlan(grid, 'h264');
    // As B-frames are coded: the later picture first.
    expect([0, 1080, 1000, 1040, 1120].map((time) => plan.wanted(time, 0))).toEqual([
      'all',
      'all',
      'all',
      'reference',
      'reference',
    ]);
  });

  it('leaves out what a run before this one has done, but not its last frame', () => {
    const plan = new PacketPlan(grid, 'h264');
    expect([960, 1000].map((time) => plan.wanted(time, 1000))).toEqual(['reference', 'all']);
  });

  it('leaves nothing out of codecs in which others may need it, nor where times tell nothing', () => {
    const hevc = new PacketPlan(grid, 'hevc');
    const restarted = new PacketPlan(grid, 'h264');
    restarted.giveUp();
    for (const plan of [hevc, restarted]) {
      expect(['all', 'all']).toEqual([plan.wanted(0, 0), plan.wanted(40, 0)]);
    }
    expect(new PacketPlan(grid, 'h264').wanted(undefined, 0)).toBe('all');
  });
});
