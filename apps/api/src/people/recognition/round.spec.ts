import type { FaceVisitRow } from '@camfleet/database';
import { JudgingRound } from './round';

const THRESHOLDS = { person: 0.5, margin: 0.05, other: 0.4, group: 0.4 };

const visitIn = (groupId: string): FaceVisitRow => ({
  tenantId: 't',
  trackId: `track of ${groupId}`,
  cameraId: null,
  firstAt: new Date(0),
  lastAt: new Date(0),
  bestEventId: null,
  bestQuality: 0.5,
  model: 'arc',
  modelVersion: '2',
  embedding: Float32Array.of(1, 0),
  weight: 1,
  personId: null,
  personScore: null,
  decidedBy: null,
  notPersonIds: [],
  groupId,
  isPending: true,
});

describe('one round of judging', () => {
  it('joins two strangers who turn out to be one, and does not have them change places', async () => {
    const groups = ['a', 'b'].map((id) => ({ id, ownerId: null, score: 0.9 }));
    const round = new JudgingRound(
      { nearest: () => Promise.resolve(groups) },
      { resemblances: () => Promise.resolve([]), thresholds: () => Promise.resolve(THRESHOLDS) },
      new Map([
        ['a', 1],
        ['b', 1],
      ]),
    );
    const { visits } = await round.judgeAll([visitIn('a'), visitIn('b')]);
    expect(visits.map(({ groupId }) => groupId)).toEqual(['b', 'b']);
  });
});
