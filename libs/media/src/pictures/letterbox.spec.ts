import { letterbox } from './letterbox';

describe('letterbox: a classifier gets the whole object, undistorted, in the middle of grey', () => {
  it('puts each pixel where it belongs, and 114 everywhere else', () => {
    const data = Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    const bar = [114, 114, 114];
    expect(Array.from(letterbox({ data, width: 4, height: 1 }, 4).data)).toEqual([
      ...[...bar, ...bar, ...bar, ...bar],
      ...data,
      ...[...bar, ...bar, ...bar, ...bar],
      ...[...bar, ...bar, ...bar, ...bar],
    ]);
    const tall = letterbox({ data: data.subarray(0, 6), width: 1, height: 2 }, 2);
    expect(Array.from(tall.data)).toEqual([1, 2, 3, ...bar, 4, 5, 6, ...bar]);
  });
});
