import { faceEvent } from '../../testing/examples';
import { MAX_LIVE_VISITS, withLiveEvent } from './live-visits';
import { mergeVisits, mergedVisits, visitOf, type Visit } from './visit';

const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1, 10, 0, seconds)).toISOString();

const came = faceEvent({ sequence: 1, occurredAt: at(0), quality: { score: 0.4 }, snapshotUrl: '/1.jpg' });
const better = faceEvent({
  sequence: 2,
  state: 'update',
  occurredAt: at(3),
  quality: { score: 0.9 },
  snapshotUrl: '/2.jpg',
});
const left = faceEvent({ sequence: 3, state: 'end', occurredAt: at(8) });

describe('mergeVisits', () => {
  const whole = { firstAt: at(0), lastAt: at(8), running: false, firstSequence: 1 };

  it.each([
    ['in order', [came, better, left]],
    ['backwards', [left, better, came]],
    ['repeated', [came, came, left, better, left]],
  ])('makes one visit of its events %s, with the best picture', (_, events) => {
    const visit = events.map(visitOf).reduce(mergeVisits);
    expect(visit).toMatchObject(whole);
    expect(visit.best.snapshotUrl).toBe('/2.jpg');
  });

  it('keeps a visit running until its end', () => {
    expect(mergeVisits(visitOf(came), visitOf(better)).running).toBe(true);
  });
});

describe('mergedVisits', () => {
  const row = faceEvent({
    sequence: 1,
    state: 'end',
    occurredAt: at(0),
    snapshotUrl: '/2.jpg',
    quality: { score: 0.9 },
    data: { endedAt: at(8) },
  });

  it('shows a visit once, whether it was read, arrived live, or both', () => {
    const visits = mergedVisits([row, row], [visitOf(left)]);
    expect(visits).toHaveLength(1);
    expect(visits[0]).toMatchObject({ firstAt: at(0), lastAt: at(8), running: false });
  });

  it('puts the newest visit first', () => {
    const newer = faceEvent({ sequence: 9, trackId: 'track-2', occurredAt: at(1) });
    expect(mergedVisits([row], [visitOf(newer)]).map(({ key }) => key)).toEqual(['track-2', 'track-1']);
  });

  it('waits with a visit that began on a page not read yet, lest it stands in the wrong place', () => {
    const update = faceEvent({ sequence: 9, trackId: 'track-0', state: 'update' });
    expect(mergedVisits([row], [visitOf(update)]).map(({ key }) => key)).toEqual(['track-1']);
  });
});

describe('withLiveEvent', () => {
  const none: ReadonlyMap<string, Visit> = new Map();

  it.each([
    ['another camera', { cameraId: 'camera-2' }],
    ['a later beginning', { from: at(1) }],
    ['an end before it', { to: at(0) }],
  ])('leaves out what a filter for %s excludes', (_, filter) => {
    expect(withLiveEvent(none, came, filter)).toBe(none);
  });

  it('keeps a visit that began in the filtered time and goes on after it', () => {
    const filter = { from: at(0), to: at(1) };
    const visits = withLiveEvent(withLiveEvent(none, came, filter), left, filter);
    expect([...visits.values()]).toMatchObject([{ running: false, lastAt: at(8) }]);
  });

  it('lists faces only', () => {
    expect(withLiveEvent(none, faceEvent({ sequence: 1, type: 'worker.lost' }), {})).toBe(none);
  });

  it('drops what changed longest ago beyond its bound, so that a page may stay open for days', () => {
    let visits = none;
    for (let sequence = 1; sequence <= MAX_LIVE_VISITS + 5; sequence++)
      visits = withLiveEvent(visits, faceEvent({ sequence, trackId: `track-${sequence}` }), {});
    expect(visits.size).toBe(MAX_LIVE_VISITS);
    expect(visits.has('track-5')).toBe(false);
    expect(visits.has('track-6')).toBe(true);
  });
});
