import { workerView } from '../../testing/examples';
import { bySite, placesElsewhere } from './sites';

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

it('counts only places with workers that could really take a camera', () => {
  const self = workerView({ id: 'a', capacity: { cameras: 9 } });
  const others = (['online', 'lost', 'drained', 'suspect'] as const).map((state) =>
    workerView({ id: state, state, capacity: { cameras: 4 } }),
  );
  expect(placesElsewhere('a', [self, ...others])).toBe(4);
  expect(placesElsewhere('a', [self])).toBe(0);
});
