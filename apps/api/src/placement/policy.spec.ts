import type { PlaceableCamera, PlacementCandidate } from '@camfleet/database';
import { leastLoaded } from './policy';

const camera = (change: Partial<PlaceableCamera> = {}): PlaceableCamera => ({
  id: 'camera',
  tenantId: 'default',
  epoch: 0,
  siteId: null,
  require: {},
  prefer: {},
  priority: 50,
  pixelsPerSecond: null,
  reason: null,
  ...change,
});

const worker = (id: string, change: Partial<PlacementCandidate> = {}): PlacementCandidate => ({
  id,
  tenantId: 'default',
  siteId: null,
  labels: {},
  models: [],
  hardware: null,
  capacity: { cameras: 10 },
  assigned: 0,
  pixelsPerSecond: 0,
  ...change,
});

const choose = (wanted: PlaceableCamera, workers: PlacementCandidate[]) => leastLoaded(workers)(wanted);

describe('choosing a worker', () => {
  it('takes the one with the smallest share of its places taken, however large it is', () => {
    const small = worker('small', { capacity: { cameras: 2 }, assigned: 1 });
    const large = worker('large', { capacity: { cameras: 20 }, assigned: 4 });
    expect(choose(camera(), [small, large])).toEqual({ workerId: 'large' });
  });

  it('spreads a batch, counting what it gave away itself', () => {
    const give = leastLoaded([
      worker('a', { capacity: { cameras: 2 } }),
      worker('b', { capacity: { cameras: 1 } }),
    ]);
    expect([1, 2, 3, 4].map(() => give(camera()))).toEqual([
      { workerId: 'a' },
      { workerId: 'b' },
      { workerId: 'a' },
      { reason: 'NO_WORKER_AVAILABLE: every worker that may take it is full.' },
    ]);
  });

  it('counts pixels where a worker says how many it can decode: one 4K camera is worth many small ones', () => {
    const uhd = camera({ pixelsPerSecond: 3840 * 2160 * 25 });
    const room = { cameras: 10, pixelsPerSecond: 300e6 };
    const busy = worker('busy', { capacity: room, assigned: 1, pixelsPerSecond: 200e6 });
    const many = worker('many', { capacity: room, assigned: 6, pixelsPerSecond: 20e6 });
    expect(choose(uhd, [busy, many])).toEqual({ workerId: 'many' });
    expect(choose(uhd, [busy])).toHaveProperty('reason');
  });

  it('gives no camera to a full worker', () => {
    expect(choose(camera(), [worker('a', { capacity: { cameras: 1 }, assigned: 1 })])).toEqual({
      reason: 'NO_WORKER_AVAILABLE: every worker that may take it is full.',
    });
  });

  it("never gives one tenant's camera to another tenant's worker", () => {
    expect(choose(camera(), [worker('theirs', { tenantId: 'other' })])).toHaveProperty('reason');
  });

  it('keeps to what a camera requires, and says so when nobody has it', () => {
    const workers = [worker('cpu'), worker('gpu', { labels: { gpu: 'true' }, assigned: 9 })];
    expect(choose(camera({ require: { gpu: 'true' } }), workers)).toEqual({ workerId: 'gpu' });
    expect(choose(camera({ require: { zone: 'b' } }), workers)).toEqual({
      reason: expect.stringContaining('requires'),
    });
  });

  it.each([
    ['its site', { site: 'hall' }],
    ['a model', { model: 'fr_detect' }],
    ['a version of a model', { model: 'fr_detect@2' }],
    ['its hardware', { 'hardware.decoder': 'vaapi' }],
  ])('finds a worker by %s', (_what, require) => {
    const one = worker('one', {
      siteId: 'hall',
      models: [{ name: 'fr_detect', version: '2' }],
      hardware: { decoder: 'vaapi' },
      assigned: 9,
    });
    expect(choose(camera({ require }), [worker('other'), one])).toEqual({ workerId: 'one' });
  });

  it('follows preferences as long as there is room, and the camera’s own site without being told', () => {
    const near = worker('near', { siteId: 'hall', capacity: { cameras: 4 }, assigned: 3 });
    expect(choose(camera({ prefer: { site: 'hall' } }), [worker('far'), near])).toEqual({ workerId: 'near' });
    expect(choose(camera({ siteId: 'hall' }), [worker('far'), near])).toEqual({ workerId: 'near' });
    const full = { ...near, assigned: 4 };
    expect(choose(camera({ siteId: 'hall' }), [worker('far'), full])).toEqual({ workerId: 'far' });
  });
});
