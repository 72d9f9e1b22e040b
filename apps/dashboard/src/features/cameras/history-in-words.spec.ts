import type { AssignmentView } from '@camfleet/protocol';
import { endInWords } from './history-in-words';

const row = (change: Partial<AssignmentView>): AssignmentView => ({
  epoch: 1,
  workerId: 'w1',
  workerName: 'Hall',
  state: 'released',
  createdAt: '2026-01-01T10:00:00.000Z',
  endedAt: '2026-01-01T11:00:00.000Z',
  ...change,
});

describe('why an assignment ended', () => {
  it.each(['WORKER_LOST', 'WORKER_DRAINED', 'WORKER_RESTARTED', 'WORKER_REMOVED', 'REBALANCED', 'NO_FRAME'])(
    'is said in words for %s',
    (reason) => expect(endInWords(row({ reason }))).toMatch(/^[A-Z][a-z].*\.$/),
  );

  it('shows the sentence of a code that is not known here, and the code where there is none', () => {
    expect(endInWords(row({ reason: 'SOMETHING_NEW: It rained.' }))).toBe('It rained.');
    expect(endInWords(row({ reason: 'SOMETHING_NEW' }))).toBe('SOMETHING_NEW');
  });

  it('is a stop when nothing was noted, and nothing while it goes on', () => {
    expect(endInWords(row({}))).toBe('The camera was stopped.');
    expect(endInWords(row({ endedAt: undefined, state: 'running' }))).toBeUndefined();
  });
});
