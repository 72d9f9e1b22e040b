import { qualityLines } from './quality-in-words';

it('tells of a face in words, without angles or shares', () => {
  const lines = qualityLines({
    score: 0.5,
    yaw: -25,
    pitch: 3,
    roll: 12,
    sharpness: 1,
    heightPx: 213.7,
    cutOff: false,
  });
  expect(lines).toEqual([
    ['Picture', 'Fair picture'],
    ['Face', 'Turned to the side'],
    ['Focus', 'Sharp'],
    ['Size', '214 pixels high'],
  ]);
});

it('says that a face is cut off only when it is, and nothing of what is not known', () => {
  expect(qualityLines({ cutOff: true })).toEqual([['Edge', expect.stringContaining('outside')]]);
  expect(qualityLines({})).toEqual([]);
});
