import type { WorkerView } from '@camfleet/protocol';
import { camera, workerView } from '../../testing/examples';
import { bySite, camerasLeftOver } from './sites';

const fleetWorker = (id: string, siteId: string | null) => ({ ...workerView({ id, siteId }), cameras: [] });

it('shows workers by site, those without one last', () => {
  const workers = [
    fleetWorker('a', null),
    fleetWorker('b', 'yard'),
    fleetWorker('c', 'hall'),
    fleetWorker('d', 'yard'),
  ];
  expect(bySite(workers).map(({ id, workers: members }) => [id, members.map((one) => one.id)])).toEqual([
    ['hall', ['c']],
    ['yard', ['b', 'd']],
    [null, ['a']],
  ]);
});

describe('what a drain would leave without a worker', () => {
  const row = { name: 'Door', epoch: 1, state: 'streaming', assignment: 'running' } as const;
  const drained = {
    ...workerView({ id: 'a' }),
    cameras: ['c1', 'c2', 'c3'].map((cameraId) => ({ ...row, cameraId, arrived: false })),
  };
  const cameras = [
    camera({ id: 'c1' }),
    camera({ id: 'c2' }),
    camera({ id: 'c3', require: { gpu: 'true' } }),
  ];
  const left = (...others: WorkerView[]) =>
    camerasLeftOver(drained, { workers: [workerView({ id: 'a' }), ...others], cameras });

  it('is everything when it is the only worker that is online', () => {
    const gone = (['lost', 'drained', 'suspect'] as const).map((state) => workerView({ id: state, state }));
    expect(left(...gone)).toBe(3);
  });

  it('is what no other has the room or the labels for', () => {
    expect(left(workerView({ id: 'b', capacity: { cameras: 9 } }))).toBe(1);
    expect(left(workerView({ id: 'b', capacity: { cameras: 1 } }))).toBe(2);
    expect(left(workerView({ id: 'b', capacity: { cameras: 9 }, labels: { gpu: 'true' } }))).toBe(0);
  });
});
