import type { Assignment } from '@camfleet/protocol';
import { MjpegCamera, anAssignment, until } from '@camfleet/testing';
import { SourceRegistry } from '../capture';
import { slateJpeg } from '../capture/slate-jpeg';
import { ChildCamera } from './child-camera';
import { ChildCameras } from './child-cameras';
import { NO_ANALYSIS } from './face-analysis';
import type { FromChild } from './ipc';

describe('the cameras of a decoder child', () => {
  let camera: MjpegCamera;
  let cameras: ChildCameras;
  let nowMs = 0;
  const said: FromChild[] = [];
  const errors: unknown[] = [];

  beforeEach(async () => {
    nowMs = 0;
    said.length = 0;
    camera = await MjpegCamera.start(await slateJpeg({ last: undefined, lines: ['test'], width: 320 }));
    const registry = new SourceRegistry({ clock: { nowMs: () => performance.now() } });
    const onError = (error: unknown) => errors.push(error);
    cameras = new ChildCameras({
      machine: { nowMs: () => nowMs },
      send: (message) => said.push(message),
      onError,
      open: (assignment) =>
        new ChildCamera({
          assignment,
          registry,
          analysis: () => NO_ANALYSIS,
          onPicture: () => undefined,
          onStatus: (status) => said.push({ type: 'status', camera: status }),
          onError,
        }),
    });
    cameras.renew(10_000);
  });

  afterEach(async () => {
    await cameras.closeAll();
    camera.stop();
    expect(errors).toEqual([]);
  });

  const exclusive = (cameraId: string, about: Partial<Assignment> = {}): Assignment => ({
    ...anAssignment({ cameraId, url: camera.url, ...about }),
    source: { url: camera.url, exclusive: true },
  });
  const released = () => said.flatMap((message) => (message.type === 'released' ? [message.cameraId] : []));

  it('are released when their source is closed, not while another camera still has it open', async () => {
    cameras.assign(exclusive('a'));
    cameras.assign(exclusive('b'));
    cameras.assign(anAssignment({ cameraId: 'other', url: `${camera.url}?channel=2` }));
    await until('both sources are read', () => camera.viewers === 2);
    const closing = cameras.unassign('a');
    await cameras.unassign('other');
    expect(released()).toEqual(['other']);
    await until('one is left', () => camera.viewers === 1);
    await Promise.all([closing, cameras.unassign('b')]);
    expect(released().sort()).toEqual(['a', 'b', 'other']);
    await until('nobody is connected', () => camera.viewers === 0);
    expect(camera.connections).toBe(2);
  });

  it('never have a second connection to a camera that allows one, however quickly they change', async () => {
    for (let epoch = 1; epoch <= 5; epoch += 1) {
      cameras.assign(exclusive('a', { epoch }));
      if (epoch % 2 === 0) await until('it is read', () => camera.viewers === 1);
      void cameras.unassign('a');
    }
    cameras.assign(exclusive('a', { epoch: 6 }));
    await until('it streams at last', () =>
      said.some((m) => m.type === 'status' && m.camera.epoch === 6 && m.camera.state === 'streaming'),
    );
    expect(camera.mostViewers).toBe(1);
  });
});
