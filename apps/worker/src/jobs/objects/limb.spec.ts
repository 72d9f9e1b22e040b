import type { Box } from '@camfleet/domain';
import { hangsIn } from './limb';

describe('hangsIn: what of a person is a limb only', () => {
  it.each<[string, Box, boolean]>([
    ['an arm from above', [0.2, 0, 0.35, 0.4], true],
    ['legs at the far end of a yard', [0.7, 0.01, 0.05, 0.2], true],
    ['somebody whose head is seen', [0.4, 0.05, 0.2, 0.6], false],
    ['somebody near, cut off above and below', [0.1, 0, 0.6, 0.98], false],
    ['somebody at a desk before the camera', [0.1, 0, 0.6, 0.9], false],
  ])('%s', (_name, box, limb) => {
    expect(hangsIn(box)).toBe(limb);
  });
});
