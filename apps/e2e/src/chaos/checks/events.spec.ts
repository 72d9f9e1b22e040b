import { checkEvents } from './events';

const accepted = new Map(['a', 'b'].map((id) => [id, { id, cameraId: 'c', workerId: 'w' }]));
const [a, b] = [
  { id: 'a', sequence: 1 },
  { id: 'b', sequence: 5 },
];

describe('the check of events', () => {
  it('is content when all is stored and read once, in order', () => {
    const { counts, breaches } = checkEvents({ accepted, stored: [a, b], read: [a, b] });
    expect(breaches).toEqual([]);
    expect(counts).toEqual({ accepted: 2, stored: 2, lost: 0, doubled: 0, skipped: 0 });
  });

  it.each([
    ['an accepted event that is not stored', { stored: [a], read: [a] }, /accepted b/],
    ['one that a reader never saw', { stored: [a, b], read: [b] }, /never saw a/],
    ['one that a reader saw twice', { stored: [a, b], read: [a, a, b] }, /twice/],
    ['one that a reader saw too late', { stored: [a, b], read: [b, a] }, /after a later one/],
  ])('finds %s', (_, seen, sentence) => {
    expect(checkEvents({ accepted, ...seen }).breaches.join('\n')).toMatch(sentence);
  });
});
