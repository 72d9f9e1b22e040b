import { workerView } from '../../testing/examples';
import { bySite, placesElsewhere } from './sites';

it('shows workers by site, those without one last', () => {
  const workers = [
    workerView({ id: 'a' }),
    workerView({ id: 'b', siteId: 'yard' }),
    workerView({ id: 'c', siteId: 'hall' }),
    workerView({ id: 'd', siteId: 'yard' }),
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
  expect(placesElsewhere(self, [self, ...others])).toBe(4);
  expect(placesElsewhere(self, [self])).toBe(0);
});
