import { once } from 'node:events';
import { type Server, createServer } from 'node:http';
import type { Socket } from 'node:net';
import { anAssignment } from '@camfleet/testing';
import { SourceRegistry } from '../capture';
import { ChildCamera } from './child-camera';
import { NO_ANALYSIS } from './camera-analysis';

describe('a camera of a decoder child', () => {
  let server: Server;
  afterEach(() => server.close());

  it('lets go of its source at once, even when its inference hangs: the next owner pulls it by then', async () => {
    server = createServer(() => undefined);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const connected = once(server, 'connection');
    let endInference: () => void = () => undefined;
    const inference = new Promise<void>((resolve) => (endInference = resolve));
    const errors: unknown[] = [];
    const camera = new ChildCamera({
      assignment: anAssignment({ cameraId: 'c', url: `http://127.0.0.1:${port}/video.ts` }),
      registry: new SourceRegistry({ clock: { nowMs: () => performance.now() } }),
      analysis: () => ({ ...NO_ANALYSIS, close: () => inference }),
      clips: { directory: '/nowhere', onClip: () => undefined, onDropped: () => undefined },
      onPicture: () => undefined,
      onStatus: () => undefined,
      onError: (error) => errors.push(error),
    });
    const [socket]: Socket[] = await connected;
    const closed = once(socket ?? server, 'close').then(() => 'closed');
    const stopped = camera.stop().then(() => 'stopped');
    expect(await Promise.race([closed, stopped])).toBe('closed');
    endInference();
    await stopped;
    expect(errors).toEqual([]);
  });
});
