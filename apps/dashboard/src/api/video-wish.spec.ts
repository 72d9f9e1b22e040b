import { widestOf, widthFor } from './video-wish';

describe('widthFor', () => {
  it.each([
    [150, 1, 320],
    [400, 1, 320],
    [401, 1, 640],
    [340, 2, 640],
    [1000, 1, 1280],
    [1700, 1, 1920],
  ])('a tile of %i CSS pixels at ratio %d gets %i', (cssWidth, ratio, width) => {
    expect(widthFor(cssWidth, ratio)).toBe(width);
  });
});

describe('widestOf', () => {
  it('serves every viewer of a camera with one subscription', () => {
    const small = { width: 320, overlay: false, fps: 15 };
    const large = { width: 1280, overlay: true, fps: 10 };
    expect(widestOf([small, large])).toEqual({ width: 1280, overlay: true, fps: 15 });
    expect(widestOf([])).toBeUndefined();
  });
});
