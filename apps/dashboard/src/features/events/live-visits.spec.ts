import { faceEvent } from '../../testing/examples';
import { eventWithIdentity, withIdentity, withLiveEvent } from './live-visits';

const notice = (personId: string | null) => ({
  type: 'visit' as const,
  trackId: 'track-1',
  cameraId: 'camera-1',
  personId,
  personName: personId && 'Ada',
  personScore: personId ? 0.7 : null,
});

it('gives a running visit its name when it is recognised, and keeps it over what comes after', () => {
  const seen = withLiveEvent(new Map(), faceEvent({ sequence: 1 }), {});
  const named = withIdentity(seen, notice('ada'));
  expect(named.get('track-1')?.person).toEqual({ id: 'ada', name: 'Ada', score: 0.7 });
  const later = withLiveEvent(named, faceEvent({ sequence: 2, state: 'update' }), {});
  expect(later.get('track-1')?.person?.name).toBe('Ada');
  expect(withIdentity(later, notice(null)).get('track-1')?.person).toBeUndefined();
});

it('leaves a list alone that the visit is not in', () => {
  const seen = withLiveEvent(new Map(), faceEvent({ sequence: 1, trackId: 'other' }), {});
  expect(withIdentity(seen, notice('ada'))).toBe(seen);
});

it('takes a name off the rows of a list that were read before', () => {
  const row = faceEvent({ sequence: 1, personId: 'ada', personName: 'Ada', personScore: 0.7 });
  expect(eventWithIdentity(row, notice(null))).toMatchObject({ personId: undefined, personName: undefined });
  const other = faceEvent({ sequence: 2, trackId: 'other' });
  expect(eventWithIdentity(other, notice('ada'))).toBe(other);
});

it('shows of live events only what is asked for', () => {
  const car = faceEvent({ sequence: 1, type: 'object', label: 'car' });
  expect(withLiveEvent(new Map(), car, {}).size).toBe(0);
  expect(withLiveEvent(new Map(), car, { type: 'object', label: 'bus' }).size).toBe(0);
  expect(withLiveEvent(new Map(), car, { type: 'object' }).size).toBe(1);
});
