import {
  arrowOf,
  moved,
  newZone,
  sidesOf,
  withCornerAfter,
  withPoint,
  withoutPoint,
  type Zone,
} from './zone-shapes';

const line = (...points: Zone['points']): Zone => ({ id: 'l', name: 'Gate', kind: 'line', points });
const area: Zone = {
  id: 'a',
  name: 'Yard',
  kind: 'include',
  points: [
    [0, 0],
    [0.5, 0],
    [0.5, 0.5],
  ],
};

it('gives each new zone a name of its own', () => {
  const first = newZone('include', { id: '1', taken: [] });
  expect([first.name, newZone('include', { id: '2', taken: [first] }).name]).toEqual([
    'Only here 1',
    'Only here 2',
  ]);
});

it('keeps corners within the picture, which the server insists on', () => {
  expect(withPoint(area, 1, [1.2, -0.1]).points[1]).toEqual([1, 0]);
});

it('moves a zone as a whole and stops at the edge, without bending it', () => {
  expect(moved(area, [0.9, 0.2]).points).toEqual([
    [0.5, 0.2],
    [1, 0.2],
    [1, 0.7],
  ]);
});

it('adds a corner in the middle of a side, of an area also of the last', () => {
  expect(withCornerAfter(area, 2).points).toEqual([...area.points, [0.25, 0.25]]);
  expect(sidesOf(line([0, 0], [1, 1]))).toHaveLength(1);
});

it('takes no corner away that the shape cannot do without', () => {
  expect(withoutPoint(area, 0)).toBe(area);
  expect(withoutPoint(withCornerAfter(area, 0), 1)).toEqual(area);
  expect(withoutPoint(line([0, 0], [1, 1]), 0).points).toHaveLength(2);
});

describe('the arrow of a line', () => {
  const size = { width: 200, height: 100 };

  it('points to where the worker counts from left to right: down, for a line drawn to the right', () => {
    const [from, to] = arrowOf(line([0.25, 0.5], [0.75, 0.5]), size) ?? [];
    expect(from).toEqual([100, 50]);
    expect(to?.[0]).toBeCloseTo(100);
    expect(to?.[1]).toBeGreaterThan(50);
  });

  it('stands on the longest side, and nowhere on a line without length', () => {
    expect(arrowOf(line([0, 0], [0.1, 0], [0.1, 1]), size)?.[0]).toEqual([20, 50]);
    expect(arrowOf(line([0.5, 0.5], [0.5, 0.5]), size)).toBeUndefined();
  });
});
