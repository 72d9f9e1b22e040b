import type { RgbImage } from '@camfleet/domain';
import { SceneCuts, SceneCutsState } from './scene-cuts';

/** Broad shapes: which ones, how far to the side, and in what light. */
function picture(scene: number, { shift = 0, light = 0 } = {}): RgbImage {
  const [width, height] = [128, 72];
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      const wave = Math.sin((x + shift) / (7 + 4 * scene)) * Math.cos((y - 3 * shift) / (11 - 2 * scene));
      data.fill(100 + 60 * wave + light, (y * width + x) * 3, (y * width + x) * 3 + 3);
    }
  return { data, width, height };
}

const cutsIn = (pictures: readonly RgbImage[], cuts = new SceneCuts()) =>
  pictures.flatMap((one, index) => (cuts.isCut(one) ? [index] : []));

describe('SceneCuts', () => {
  it('tells each cut once, at its first picture', () => {
    const scenes = [0, 0, 0, 1, 1, 1, 2, 2];
    expect(cutsIn(scenes.map((scene) => picture(scene)))).toEqual([3, 6]);
  });

  it('takes a light that is switched for no cut', () => {
    const lights = [0, 0, 90, 90, -30, -30];
    expect(cutsIn(lights.map((light) => picture(1, { light })))).toEqual([]);
  });

  it('takes a camera that turns for no cut', () => {
    const shifts = Array.from({ length: 12 }, (_, step) => step * 4);
    expect(cutsIn(shifts.map((shift) => picture(1, { shift })))).toEqual([]);
  });

  it('goes on from its state as if nobody had stopped', () => {
    const cuts = new SceneCuts();
    expect(cutsIn([picture(0), picture(0)], cuts)).toEqual([]);
    const state = SceneCutsState.parse(JSON.parse(JSON.stringify(cuts.state)));
    expect(cutsIn([picture(1), picture(1)], new SceneCuts(state))).toEqual([0]);
    expect(cutsIn([picture(0), picture(0)], new SceneCuts(state))).toEqual([]);
  });
});
