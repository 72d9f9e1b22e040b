import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { signRequest } from '@camfleet/protocol';
import { createLogger } from '@camfleet/telemetry';
import { type LiveRequest, LiveServer } from './live-server';

const secret = 'secret';
const path = '/cameras/c/feed';

describe('the server of a worker', () => {
  let server: LiveServer | undefined;
  let handled = 0;
  let whileVerifying: () => void = () => undefined;
  const sockets: Socket[] = [];
  const noteSocket = (message: unknown) => sockets.push(Object(message).socket);
  const nowMs = 1_000_000;

  async function ask(): Promise<number> {
    const signature = await signRequest({ secret, nowMs, method: 'GET', path });
    const headers = { 'x-camfleet-signature': signature };
    return (await fetch(`http://127.0.0.1:${server?.port}${path}`, { headers })).status;
  }

  beforeEach(async () => {
    subscribe('http.server.request.start', noteSocket);
    const handle = ({ response }: LiveRequest) => {
      handled += 1;
      response.end();
    };
    server = await LiveServer.start({
      port: 0,
      logger: createLogger({ service: 'test', level: 'silent' }),
      credentials: () => {
        whileVerifying();
        return { secret, nowMs };
      },
      routes: [{ method: 'GET', pattern: /feed$/, signed: true, handle }],
    });
  });
  afterEach(async () => {
    unsubscribe('http.server.request.start', noteSocket);
    await server?.stop();
  });

  it('begins nothing for a viewer that left while it was checked: it would encode for nobody for ever', async () => {
    whileVerifying = () => sockets.at(-1)?.destroy();
    await expect(ask()).rejects.toThrow('fetch failed');
    whileVerifying = () => undefined;
    expect(await ask()).toBe(200);
    expect(handled).toBe(1);
  });
});
