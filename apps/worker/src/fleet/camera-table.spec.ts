import { anAssignment } from '@camfleet/testing';
import { CameraTable } from './camera-table';

const camera = (cameraId: string, epoch = 1) => anAssignment({ cameraId, url: 'rtsp://camera/1', epoch });
const streaming = { fps: 25, width: 640, height: 360, codec: 'h264', lastFrameAtMs: 0, restarts: 0 };

describe('what a worker runs', () => {
  const calls: string[] = [];
  let changes = 0;
  const table = () =>
    new CameraTable({
      runner: {
        assign: ({ cameraId, epoch }) => calls.push(`assign ${cameraId} ${epoch}`),
        unassign: (cameraId) => calls.push(`unassign ${cameraId}`),
      },
      onChange: () => (changes += 1),
      onStopped: (cameraId) => calls.push(`stopped ${cameraId}`),
    });

  beforeEach(() => {
    calls.length = 0;
    changes = 0;
  });

  it('stops a camera that the list lacks, and reports it until its source is closed', () => {
    const cameras = table();
    cameras.apply(1, [camera('a'), camera('b')]);
    cameras.apply(2, [camera('a')]);
    expect(calls).toEqual(['assign a 1', 'assign b 1', 'unassign b', 'stopped b']);
    expect(cameras.reports().map(({ cameraId }) => cameraId)).toEqual(['a', 'b']);
    cameras.released('b');
    expect(cameras.reports().map(({ cameraId }) => cameraId)).toEqual(['a']);
    expect(changes).toBe(1);
  });

  it('ignores a list that is older than what it has: a stopped camera would start again', () => {
    const cameras = table();
    cameras.apply(5, []);
    cameras.apply(4, [camera('a')]);
    expect(calls).toEqual([]);
    expect(cameras.revision).toBe(5);
  });

  it('lets go of what it only stands by for, and asks for the whole list again', () => {
    const cameras = table();
    cameras.apply(3, [camera('a'), { ...camera('b', 2), desired: 'standby' }]);
    cameras.settleHandovers();
    expect(calls).toEqual(['assign a 1', 'assign b 2', 'unassign b', 'stopped b']);
    expect(cameras.revision).toBe(0);
    cameras.apply(3, [camera('a'), { ...camera('b', 2), desired: 'standby' }]);
    expect(calls.at(-1)).toBe('assign b 2');
  });

  it('goes on with a camera that it was about to hand over', () => {
    const cameras = table();
    const handoverEndsAt = '2026-01-01T00:00:00.000Z';
    cameras.apply(3, [{ ...camera('a'), desired: 'releasing', handoverEndsAt }]);
    cameras.settleHandovers();
    expect(calls).toEqual(['assign a 1', 'assign a 1']);
    expect(cameras.wants('a')?.handoverEndsAt).toBeUndefined();
  });

  it('does not trouble a camera whose settings are the same', () => {
    const cameras = table();
    cameras.apply(1, [camera('a')]);
    cameras.apply(2, [camera('a')]);
    cameras.apply(3, [camera('a', 2)]);
    expect(calls).toEqual(['assign a 1', 'assign a 2']);
  });

  it('tells a changed state at once, but not every new frame rate', () => {
    const cameras = table();
    cameras.apply(1, [camera('a')]);
    cameras.update({ cameraId: 'a', epoch: 1, state: 'streaming', ...streaming });
    cameras.update({ cameraId: 'a', epoch: 1, state: 'streaming', ...streaming, fps: 24 });
    expect(changes).toBe(1);
    expect(cameras.reports()[0]).toMatchObject({ state: 'streaming', fps: 24 });
  });

  it('takes no status of an epoch that is over', () => {
    const cameras = table();
    cameras.apply(1, [camera('a', 2)]);
    cameras.update({ cameraId: 'a', epoch: 1, state: 'streaming', ...streaming });
    expect(cameras.reports()[0]).toMatchObject({ epoch: 2, state: 'starting' });
  });

  it('goes on counting restarts when a process is lost, which a user would not hear of otherwise', () => {
    const cameras = table();
    cameras.apply(1, [camera('a')]);
    cameras.update({ cameraId: 'a', epoch: 1, state: 'streaming', ...streaming, restarts: 2 });
    cameras.lost(['a'], 'CRASHED');
    cameras.update({ cameraId: 'a', epoch: 1, state: 'streaming', ...streaming });
    expect(cameras.reports()[0]).toMatchObject({ state: 'streaming', restarts: 3 });
    cameras.apply(2, [camera('a', 2)]);
    cameras.update({ cameraId: 'a', epoch: 2, state: 'streaming', ...streaming });
    expect(cameras.reports()[0]).toMatchObject({ restarts: 0 });
  });

  it('says of a camera that wants objects, and of no other, why none are found: only the log would know', () => {
    let fault: string | undefined = 'MODEL_UNAVAILABLE: The model cannot be fetched.';
    const cameras = new CameraTable({
      runner: { assign: () => undefined, unassign: () => undefined },
      onChange: () => undefined,
      onStopped: () => undefined,
      objectFault: () => fault,
    });
    const { analysis } = camera('a');
    const wanting = {
      ...camera('a'),
      analysis: { ...analysis, objects: { ...analysis.objects, enabled: true } },
    };
    cameras.apply(1, [wanting, camera('b')]);
    expect(cameras.reports().map((report) => report.analysis)).toEqual([{ objects: fault }, undefined]);
    fault = undefined;
    expect(cameras.reports().map((report) => report.analysis)).toEqual([undefined, undefined]);
  });
});
