import type { PlacementCandidate, WaitingCamera } from '@camfleet/database';
import { leastLoaded } from './least-loaded';

const camera = (change: Partial<WaitingCamera> = {}): WaitingCamera => ({
  id: 'camera',
  tenantId: 'default',
  epoch: 0,
  siteId: null,
  require: {},
  prefer: {},
  priority: 50,
  reason: null,
  ...change,
});

const worker = (id: string, change: Partial<PlacementCandidate> = {}): PlacementCandidate => ({
  id,
  tenantId: 'default',
  siteId: null,
  labels: {},
  capacity: { cameras: 10 },
  assigned: 0,
  ...change,
});

describe('choosing a worker', () => {
  it('takes the one with the smallest share of its places taken, however large it is', () => {
    const small = worker('small', { capacity: { cameras: 2 }, assigned: 1 });
    const large = worker('large', { capacity: { cameras: 20 }, assigned: 4 });
    expect(leastLoaded(camera(), [small, large])).toEqual({ workerId: 'large' });
  });

  it('gives no camera to a full worker', () => {
    expect(leastLoaded(camera(), [worker('a', { capacity: { cameras: 1 }, assigned: 1 })])).toEqual({
      reason: 'NO_WORKER_AVAILABLE: every worker is full.',
    });
  });

  it("never gives one tenant's camera to another tenant's worker", () => {
    expect(leastLoaded(camera(), [worker('theirs', { tenantId: 'other' })])).toHaveProperty('reason');
  });

  it('keeps to the labels that a camera requires, and says so when nobody has them', () => {
    const workers = [worker('cpu'), worker('gpu', { labels: { gpu: 'true' }, assigned: 9 })];
    expect(leastLoaded(camera({ require: { gpu: 'true' } }), workers)).toEqual({ workerId: 'gpu' });
    expect(leastLoaded(camera({ require: { zone: 'b' } }), workers)).toEqual({
      reason: expect.stringContaining('labels'),
    });
  });

  it('follows preferences between equally loaded workers', () => {
    const workers = [worker('a'), worker('b', { siteId: 'hall' })];
    expect(leastLoaded(camera({ prefer: { site: 'hall' } }), workers)).toEqual({ workerId: 'b' });
  });
});
