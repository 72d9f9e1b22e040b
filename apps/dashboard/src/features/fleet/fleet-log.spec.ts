import type { WorkerView } from '@camfleet/protocol';
import { camera, faceEvent, streamStatus, workerView } from '../../testing/examples';
import { FleetLog, MAX_CHANGES } from './fleet-log';
import { groupedChanges } from './grouped-changes';

let nowMs: number;
let log: FleetLog;
const on = (workerId: string | null, epoch: number, state: 'streaming' | 'starting' = 'streaming') =>
  camera({ id: 'door', name: 'Door', stream: streamStatus({ workerId, epoch, state }) });
const said = () => log.changes.get();

beforeEach(() => {
  nowMs = 1_000_000;
  log = new FleetLog(() => nowMs);
  log.baseline({ cameras: [on('w1', 1)], workers: [workerView({ id: 'w1' }), workerView({ id: 'w2' })] });
});

describe('a camera that moves', () => {
  it('is told once, with where to and after how long its picture was back', () => {
    log.camera('door', on(null, 1, 'starting'));
    expect(said()).toMatchObject([{ cameraName: 'Door', from: 'w1', to: null }]);
    nowMs += 400;
    log.camera('door', on('w2', 2, 'starting'));
    nowMs += 1_000;
    log.camera('door', on('w2', 2));
    log.camera('door', on('w2', 2));
    expect(said()).toEqual([expect.objectContaining({ from: 'w1', to: 'w2', liveAfterMs: 1_400 })]);
  });

  it('is told without a gap when the next worker streamed before the first let go', () => {
    log.camera('door', on('w2', 2));
    expect(said()).toMatchObject([{ from: 'w1', to: 'w2', liveAfterMs: 0 }]);
  });

  it('is not thrown back by an answer that is older than the move', () => {
    log.camera('door', on('w2', 2));
    log.camera('door', on('w1', 1));
    expect(said()).toHaveLength(1);
  });

  it('is told when its worker was started anew and has it again', () => {
    log.camera('door', on('w1', 2, 'starting'));
    expect(said()).toMatchObject([{ from: 'w1', to: 'w1' }]);
  });

  it.each([
    ['that somebody stops', streamStatus({ desired: 'stopped', state: 'stopped', workerId: null })],
    ['that reconnects where it is', streamStatus({ state: 'reconnecting', workerId: 'w1', epoch: 1 })],
  ])('is not one %s', (_, stream) => {
    log.camera('door', camera({ id: 'door', stream }));
    expect(said()).toEqual([]);
  });

  it('tells what changed while the connection was lost only as the new ground', () => {
    log.forget();
    log.baseline({ cameras: [on('w2', 5)], workers: [] });
    log.camera('door', on('w2', 5));
    expect(said()).toEqual([]);
  });

  it('is told from the record after a reload, and once where it was seen happening', () => {
    const recorded = {
      ...{ cameraId: 'door', cameraName: 'Door', epoch: 1, workerId: 'w1', workerName: 'Hall' },
      reason: 'WORKER_LOST',
      endedAt: new Date(nowMs - 1_000).toISOString(),
      next: { workerId: 'w2', workerName: 'Yard', createdAt: new Date(nowMs).toISOString() },
    };
    const reloaded = new FleetLog(() => nowMs);
    reloaded.move(recorded);
    reloaded.move(recorded);
    expect(reloaded.changes.get()).toMatchObject([{ from: 'w1', to: 'w2', cameraName: 'Door' }]);
    expect(reloaded.nameOf('w1')).toBe('Hall');

    log.camera('door', on('w2', 2));
    log.move(recorded);
    expect(said()).toMatchObject([{ liveAfterMs: 0 }]);
  });

  it('stands with the others that left the same worker', () => {
    log.baseline({
      cameras: [camera({ id: 'yard', stream: streamStatus({ workerId: 'w1', epoch: 7 }) })],
      workers: [],
    });
    log.camera('door', on('w2', 2));
    nowMs += 300;
    log.camera('yard', camera({ id: 'yard', stream: streamStatus({ workerId: 'w2', epoch: 8 }) }));
    const rows = groupedChanges(said());
    expect(rows).toMatchObject([{ kind: 'moves', from: 'w1', moves: [{}, {}] }]);
  });
});

describe('a worker', () => {
  const becomes = (state: WorkerView['state']) => log.worker('w1', workerView({ id: 'w1', state }));

  it('is told to be silent and to answer again', () => {
    becomes('suspect');
    becomes('suspect');
    becomes('online');
    expect(said().map((change) => change.kind === 'worker' && change.happening)).toEqual(
      expect.arrayContaining(['suspect', 'back']),
    );
    expect(said()).toHaveLength(2);
  });

  it('is told to be lost by the event, once, though it is read from the record as well', () => {
    becomes('lost');
    const lost = faceEvent({
      sequence: 1,
      type: 'worker.lost',
      workerId: 'w1',
      data: { reason: 'its lease ended' },
    });
    log.event(lost);
    log.event(lost);
    expect(said()).toMatchObject([{ happening: 'lost', workerId: 'w1', reason: 'its lease ended' }]);
  });

  it('keeps its name after it was removed', () => {
    log.worker('w1', null);
    expect(said()).toMatchObject([{ happening: 'removed' }]);
    expect(log.nameOf('w1')).toBe('w1');
  });
});

it('drops the oldest beyond its bound, so that a page may stay open for days', () => {
  for (let epoch = 2; epoch < MAX_CHANGES + 10; epoch += 1) {
    nowMs += 1;
    log.camera('door', on(`w${epoch}`, epoch));
  }
  expect(said()).toHaveLength(MAX_CHANGES);
  expect(said()[0]).toMatchObject({ at: nowMs });
});
