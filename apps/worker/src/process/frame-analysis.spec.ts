import type { RgbImage } from '@camfleet/domain';
import type { AnalysisFrame } from '../capture';
import { MotionGate } from '../pipeline';
import { AnalysisTurns } from './analysis-turns';
import { type AnalysisStage, FrameAnalysis } from './frame-analysis';

const SIZE = { width: 40, height: 40 };
const picture = (level: number): RgbImage => ({ ...SIZE, data: new Uint8Array(40 * 40 * 3).fill(level) });
/** One half is of another colour: no change of light. */
const arrival = (): RgbImage => {
  const image = picture(100);
  image.data.fill(200, image.data.length / 2);
  return image;
};

/** Writes down what it is asked. */
class Stage implements AnalysisStage {
  isFollowing = false;
  isWaiting = false;
  readonly looks: number[] = [];

  constructor(
    readonly fps: number,
    private readonly times: number[] = [],
  ) {}

  look({ captureTimeMs }: AnalysisFrame) {
    this.looks.push(captureTimeMs);
    this.times.push(captureTimeMs);
    return Promise.resolve([]);
  }

  hold(captureTimeMs: number) {
    this.times.push(captureTimeMs);
    return [];
  }

  flush() {
    return [];
  }

  boxesAt() {
    return [];
  }
}

function frameOf(
  captureTimeMs: number,
  { rgb, release }: { rgb: RgbImage; release: () => void },
): AnalysisFrame {
  const cutRegion = () => Promise.resolve(rgb);
  const cropJpeg = () => Promise.resolve(Buffer.alloc(0));
  return { captureTimeMs, rgb, frame: { size: SIZE, cutRegion, cropJpeg, release } };
}

class Camera {
  /** Frames that are lent out. */
  lent = 0;
  readonly turns = new AnalysisTurns<AnalysisFrame>();
  readonly analysis: FrameAnalysis;

  constructor(...stages: Stage[]) {
    this.analysis = new FrameAnalysis({
      stages,
      width: SIZE.width,
      gate: (intervalMs) => new MotionGate({ intervalMs }),
      turns: this.turns,
      hasLease: () => true,
      onEvent: () => undefined,
      onError: (error) => {
        throw error;
      },
    });
  }

  /** One frame, analysed as soon as nobody else has the turn. */
  async frame(captureTimeMs: number, rgb: RgbImage): Promise<void> {
    this.lent += 1;
    this.analysis.onFrame(frameOf(captureTimeMs, { rgb, release: () => void (this.lent -= 1) }));
    await new Promise((resolve) => setImmediate(resolve));
  }

  async frames(count: number, { fromMs, intervalMs }: { fromMs: number; intervalMs: number }): Promise<void> {
    for (let index = 0; index < count; index += 1) await this.frame(fromMs + index * intervalMs, arrival());
  }
}

describe('one camera’s frames on their way to what looks at them', () => {
  it('come to the slow stage often enough for somebody who stands still on arrival, too', async () => {
    const quick = new Stage(10);
    const slow = new Stage(0.5);
    const camera = new Camera(quick, slow);
    await camera.frame(0, picture(100));
    await camera.frames(120, { fromMs: 100, intervalMs: 100 });
    expect(slow.looks.length).toBeGreaterThanOrEqual(4);
    const { length } = quick.looks;
    await camera.frames(20, { fromMs: 12_100, intervalMs: 100 });
    expect(quick.looks).toHaveLength(length);
    expect(camera.lent).toBe(0);
  });

  it('are looked at while they are still for somebody who is not told yet', async () => {
    const stage = new Stage(5);
    const camera = new Camera(stage);
    await camera.frames(10, { fromMs: 0, intervalMs: 200 });
    const { length } = stage.looks;
    stage.isWaiting = true;
    await camera.frames(2, { fromMs: 2_000, intervalMs: 200 });
    expect(stage.looks).toHaveLength(length + 2);
  });

  it('never show a time that is past, also when a still one comes before a moved one had its turn', async () => {
    const times: number[] = [];
    const camera = new Camera(new Stage(5, times));
    await camera.frames(6, { fromMs: 0, intervalMs: 200 });
    let leave = () => {};
    const other = { work: () => new Promise<void>((resolve) => (leave = resolve)), drop: () => undefined };
    camera.turns.offer(other, frameOf(0, { rgb: picture(0), release: () => undefined }));
    await camera.frame(1_400, picture(100));
    for (let timeMs = 1_600; timeMs <= 3_000; timeMs += 200) await camera.frame(timeMs, picture(100));
    leave();
    await new Promise((resolve) => setImmediate(resolve));
    await camera.frame(3_200, picture(100));
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times).toContain(3_200);
    expect(camera.lent).toBe(0);
  });
});
