import { reportInWords } from './report-in-words';

const NOTHING = { dryRun: true, uploads: 0, frames: 0, snapshots: 0, events: 0 };

describe('what retention would delete', () => {
  it.each([
    [{}, 'Nothing would go now.'],
    [{ events: 1 }, '1 event would go.'],
    [{ uploads: 2, events: 1 }, '2 videos and 1 event would go.'],
    [{ uploads: 1, frames: 3, snapshots: 2 }, '1 video, 3 frames and 2 pictures and clips would go.'],
  ])('%j is said as «%s»', (counted, words) => {
    expect(reportInWords({ ...NOTHING, ...counted })).toBe(words);
  });
});
