import { fitWithin } from './picture';

describe('fitWithin: a stretched picture gives boxes beside what they should show', () => {
  it.each([
    [
      { width: 1920, height: 1080 },
      { width: 640, height: 360 },
    ],
    [
      { width: 33, height: 100 },
      { width: 211, height: 640 },
    ],
    [
      { width: 2, height: 2 },
      { width: 640, height: 640 },
    ],
    [
      { width: 2, height: 4000 },
      { width: 1, height: 640 },
    ],
  ])('fits %o into 640 x 640 as %o', (size, fitted) => {
    expect(fitWithin(size, { width: 640, height: 640 })).toEqual(fitted);
  });
});
