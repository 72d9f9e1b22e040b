import type { LeavingCamera, PlacementCandidate } from '@camfleet/database';
import { balancingMove, drainMoves } from './moves';

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

const camera = (id: string, workerId: string, change: Partial<LeavingCamera> = {}): LeavingCamera => ({
  id,
  workerId,
  tenantId: 'default',
  epoch: 1,
  heldEpoch: 1,
  siteId: null,
  require: {},
  prefer: {},
  priority: 50,
  pixelsPerSecond: 640 * 360 * 10,
  reason: null,
  isStreaming: true,
  isExclusive: false,
  ...change,
});

/** Moves one camera after the other until nothing is worth moving; answers the moves. */
function balance(sizes: Record<string, number>, change: Partial<LeavingCamera> = {}): string[] {
  const cameras = Object.entries(sizes).flatMap(([workerId, count]) =>
    Array.from({ length: count }, (_, index) => camera(`${workerId}${index}`, workerId, change)),
  );
  const moves: string[] = [];
  while (moves.length < 100) {
    const workers = Object.keys(sizes).map((id) =>
      worker(id, { assigned: cameras.filter(({ workerId }) => workerId === id).length }),
    );
    const source = balancingMove.from(workers);
    const id = source && 'workerId' in source ? source.workerId : undefined;
    const [move] = balancingMove.choose(
      cameras.filter(({ workerId }) => workerId === id),
      workers,
    );
    if (!move) return moves;
    moves.push(`${move.camera.workerId} → ${move.to}`);
    move.camera.workerId = move.to;
  }
  return moves;
}

describe('balancing', () => {
  it('gives a worker that joined its part, one camera at a time, and then rests', () => {
    const moves = balance({ a: 8, b: 8, c: 0 });
    expect(moves.length).toBeGreaterThanOrEqual(4);
    expect(moves.length).toBeLessThanOrEqual(6);
    expect(new Set(moves)).toEqual(new Set(['a → c', 'b → c']));
  });

  it('leaves small differences alone', () => {
    expect(balance({ a: 5, b: 4, c: 3 })).toEqual([]);
  });

  it('never moves what is in trouble, or what has one reader', () => {
    expect(balance({ a: 8, b: 0 }, { isStreaming: false })).toEqual([]);
    expect(balance({ a: 8, b: 0 }, { isExclusive: true })).toEqual([]);
  });

  it('never moves a camera away from where it would rather be', () => {
    const near = worker('near', { siteId: 'hall', assigned: 8 });
    const leaving = [camera('c', 'near', { prefer: { site: 'hall' } })];
    expect(balancingMove.choose(leaving, [near, worker('far')])).toEqual([]);
  });
});

describe('draining', () => {
  it('finds a place for as much as the others can take', () => {
    const leaving = [camera('c1', 'old'), camera('c2', 'old'), camera('c3', 'old')];
    const moves = drainMoves.choose(leaving, [worker('next', { capacity: { cameras: 2 } })]);
    expect(moves.map((move) => [move.camera.id, move.to])).toEqual([
      ['c1', 'next'],
      ['c2', 'next'],
    ]);
  });
});
