import { cosine, norm } from '@camfleet/domain';
import { type FaceSighting, newVisit } from '@camfleet/database';
import { withSighting } from './pooling';

const sighting = (change: Partial<FaceSighting> = {}): FaceSighting => ({
  sequence: 1n,
  id: 'e1',
  tenantId: 't',
  trackId: 'track',
  cameraId: 'door',
  occurredAt: new Date(1_000),
  quality: { score: 0.5 },
  model: 'arc',
  modelVersion: '1',
  embedding: Float32Array.of(1, 0),
  ...change,
});
const pooled = (...sightings: FaceSighting[]) =>
  sightings.reduce((visit, next) => withSighting(visit, next), newVisit(sighting()));

describe('the face of a visit', () => {
  it('is the mean of its sightings by their quality, whatever their vectors’ lengths', () => {
    const visit = pooled(
      sighting({ quality: { score: 0.9 }, embedding: Float32Array.of(7, 0) }),
      sighting({ id: 'e2', quality: { score: 0.3 }, embedding: Float32Array.of(0, 2) }),
    );
    expect(norm(visit.embedding)).toBeCloseTo(1, 6);
    expect((visit.embedding[0] ?? 0) / (visit.embedding[1] ?? 1)).toBeCloseTo(3, 5);
    expect(visit).toMatchObject({ bestEventId: 'e1', bestQuality: 0.9 });
  });

  it('is the same in whichever order its sightings are counted', () => {
    const parts = [0.2, 0.9, 0.5].map((score, index) =>
      sighting({ id: `e${index}`, quality: { score }, embedding: Float32Array.of(1 - index, index) }),
    );
    const there = pooled(...parts);
    const back = pooled(...parts.reverse());
    expect(cosine(there.embedding, back.embedding)).toBeCloseTo(1, 5);
    expect(back.bestEventId).toBe(there.bestEventId);
  });

  it('begins anew with another model: its embeddings mean something else', () => {
    const visit = pooled(
      sighting(),
      sighting({ id: 'e2', modelVersion: '2', embedding: Float32Array.of(0, 1) }),
    );
    expect([...visit.embedding]).toEqual([0, 1]);
    expect(visit).toMatchObject({ modelVersion: '2', bestEventId: 'e2' });
  });

  it('takes no harm from a vector without length, or from an end, which tell only the time', () => {
    const visit = pooled(
      sighting(),
      sighting({ embedding: Float32Array.of(0, 0) }),
      sighting({ embedding: new Float32Array(0), occurredAt: new Date(9_000) }),
    );
    expect([...visit.embedding]).toEqual([1, 0]);
    expect(visit.lastAt).toEqual(new Date(9_000));
    expect(visit.firstAt).toEqual(new Date(1_000));
  });
});
