import type { FaceSearchHit } from '@camfleet/protocol';
import { peopleFound, visitOfHit } from './hit';

const person = (personId: string, score: number): FaceSearchHit => ({
  kind: 'person',
  personId,
  personName: personId,
  score,
  pictureUrl: '/face.jpg',
});
const visit = (score: number, personId?: string): FaceSearchHit => ({
  kind: 'visit',
  score,
  personId,
  personName: personId,
  trackId: `t${score}`,
  eventId: 'e',
  occurredAt: '2026-01-01T10:00:00.000Z',
  snapshotUrl: '/seen.jpg',
});

it('finds also somebody of whom only visits were among the hits', () => {
  expect(peopleFound([visit(0.9, 'Ada'), visit(0.8, 'Ada'), person('Berta', 0.5), visit(0.3)])).toEqual([
    { id: 'Ada', name: 'Ada', score: 0.9, pictureUrl: '/seen.jpg' },
    { id: 'Berta', name: 'Berta', score: 0.5, pictureUrl: '/face.jpg' },
  ]);
});

it("prefers a person's own face over what cameras saw of them", () => {
  expect(peopleFound([visit(0.9, 'Ada'), person('Ada', 0.7)])).toEqual([
    { id: 'Ada', name: 'Ada', score: 0.7, pictureUrl: '/face.jpg' },
  ]);
});

it('makes a visit of a hit only where there is an event to show', () => {
  expect(visitOfHit(visit(0.9, 'Ada'))).toMatchObject({ person: { id: 'Ada' }, best: { id: 'e' } });
  expect(visitOfHit({ ...visit(0.9), eventId: undefined })).toBeUndefined();
  expect(visitOfHit(person('Ada', 0.7))).toBeUndefined();
});
