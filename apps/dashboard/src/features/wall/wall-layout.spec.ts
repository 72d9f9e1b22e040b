import { tileAfterKey, tileWidth, wallColumns } from './wall-layout';

describe('wallColumns', () => {
  const desktop = { width: 1200, height: 760 };

  it.each([
    [1, 1],
    [2, 2],
    [4, 2],
    [9, 3],
    [16, 4],
  ])('fits %i cameras into a desktop window in %i columns, all in view', (count, columns) => {
    expect(wallColumns({ density: 'fit', count, ...desktop })).toBe(columns);
    const rows = Math.ceil(count / columns);
    expect((rows * tileWidth(desktop.width, columns) * 9) / 16 + (rows - 1) * 8).toBeLessThanOrEqual(760);
  });

  it('never makes tiles too small to see: a long wall scrolls', () => {
    const columns = wallColumns({ density: 'fit', count: 500, ...desktop });
    expect(tileWidth(desktop.width, columns)).toBeGreaterThanOrEqual(160);
  });

  it('shows two columns on a phone, and one where even that is too narrow', () => {
    expect(wallColumns({ density: 'fit', count: 16, width: 366, height: 700 })).toBe(2);
    expect(wallColumns({ density: 'large', count: 16, width: 366, height: 700 })).toBe(1);
    expect(wallColumns({ density: 'fit', count: 16, width: 0, height: 0 })).toBe(1);
  });
});

describe('tileAfterKey', () => {
  const at = { columns: 4, count: 10 };

  it.each([
    ['ArrowRight', 0, 1],
    ['ArrowLeft', 1, 0],
    ['ArrowDown', 2, 6],
    ['ArrowUp', 6, 2],
    ['Home', 7, 0],
    ['End', 0, 9],
  ])('%s leads from tile %i to %i', (key, index, target) => {
    expect(tileAfterKey(key, { ...at, index })).toBe(target);
  });

  it.each([
    ['ArrowLeft', 0],
    ['ArrowRight', 9],
    ['ArrowUp', 3],
    ['ArrowDown', 7],
    ['Enter', 2],
    ['Home', 0],
  ])('%s at tile %i leads nowhere, and the browser keeps the key', (key, index) => {
    expect(tileAfterKey(key, { ...at, index })).toBeUndefined();
  });
});
