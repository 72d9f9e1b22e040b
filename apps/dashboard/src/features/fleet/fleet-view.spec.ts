import { camera, streamStatus, workerView } from '../../testing/examples';
import type { CameraMove } from './fleet-log';
import { fleetView } from './fleet-view';

const nowMs = Date.UTC(2026, 0, 1, 12);
const row = { cameraId: 'door', name: 'Door', epoch: 2, state: 'starting', assignment: 'running' } as const;
const move = (change: Partial<CameraMove> = {}): CameraMove => ({
  kind: 'move',
  key: 'move:1',
  at: nowMs - 1_000,
  cameraId: 'door',
  cameraName: 'Door',
  from: 'w1',
  to: 'w2',
  ...change,
});
const view = (facts: Partial<Parameters<typeof fleetView>[0]>) =>
  fleetView({
    workers: [workerView({ id: 'w2', cameras: [row] })],
    cameras: [],
    changes: [],
    workerName: (id) => `worker ${id}`,
    nowMs,
    ...facts,
  }).flatMap(({ cameras }) => cameras);

it('shows a camera live as soon as it is told so, before the worker is read again', () => {
  const told = (epoch: number) => [
    camera({ id: 'door', stream: streamStatus({ workerId: 'w2', epoch, state: 'streaming' }) }),
  ];
  expect(view({ cameras: told(2) })).toMatchObject([{ state: 'streaming' }]);
  expect(view({ cameras: told(1) })).toMatchObject([{ state: 'starting' }]);
});

it('says whence a camera came, at its new worker only and not for ever', () => {
  expect(view({ changes: [move()] })).toMatchObject([
    { arrived: true, note: expect.stringMatching(/^From worker w1 at /) },
  ]);
  expect(view({ changes: [move({ at: nowMs - 3_600_000 })] })).toMatchObject([{ arrived: false }]);
  const wentOn = move({ key: 'move:2', from: 'w2', to: 'w3', at: nowMs });
  expect(view({ changes: [wentOn, move()] })).toMatchObject([{ arrived: false }]);
});

it('does not pass off as the present what a silent worker said last', () => {
  const silent = [workerView({ id: 'w2', state: 'suspect', cameras: [row] })];
  expect(view({ workers: silent })).toMatchObject([{ note: 'When last heard' }]);
});

it('shows a camera that is being handed over with both of its workers', () => {
  const both = [
    workerView({ id: 'w1', cameras: [{ ...row, epoch: 1, assignment: 'releasing' }] }),
    workerView({ id: 'w2', cameras: [{ ...row, assignment: 'standby' }] }),
  ];
  expect(view({ workers: both })).toMatchObject([{ note: 'Handing it over' }, { note: 'Taking it over' }]);
});
