import { once } from 'node:events';
import { type Server, type Socket, createServer } from 'node:net';
import { freePort } from '../peers/redis';
import { until } from '../peers/until';
import { Program } from '../program/program';
import { Network, networkIsMissing } from './network';

const missing = networkIsMissing();
const TALKER = 'libs/testing/fixtures/talker.cjs';

if (missing) it.skip(`needs network namespaces: ${missing}`, () => undefined);
else
  describe('a network of namespaces', () => {
    let network: Network;
    let server: Server;
    let port: number;
    const heard: Socket[] = [];
    let bytes = 0;

    beforeAll(async () => {
      network = Network.create(2);
      port = await freePort(network.home(0));
      server = createServer((socket) => {
        heard.push(socket);
        socket.on('data', (chunk) => (bytes += chunk.length));
        socket.on('error', () => undefined);
      }).listen(port, '0.0.0.0');
      await once(server, 'listening');
    });
    afterAll(() => {
      for (const socket of heard) socket.destroy();
      server.close();
      network[Symbol.dispose]();
    });

    const hearsMore = () => {
      const before = bytes;
      return until('more is heard', () => bytes > before);
    };

    it('cuts and heals one link: connections hear nothing, others go on, and later they go on too', async () => {
      const [near, far] = [network.addHost(), network.addHost()];
      await using cutOff = new Program({
        entry: TALKER,
        args: [network.home(1), String(port)],
        env: {},
        prefix: near.prefix,
      });
      await cutOff.saying(/connected/);
      await hearsMore();
      network.cut(near.address, network.home(1));
      const silent = await until('nothing is heard for a while', async () => {
        const before = bytes;
        await new Promise((resolve) => setTimeout(resolve, 200));
        return before === bytes;
      });
      expect(silent).toBe(true);
      expect(cutOff.output).not.toMatch(/closed|error/);

      await using other = new Program({
        entry: TALKER,
        args: [network.home(1), String(port)],
        env: {},
        prefix: far.prefix,
      });
      await other.saying(/connected/);
      await hearsMore();
      await other[Symbol.asyncDispose]();

      network.heal(near.address, network.home(1));
      await hearsMore();
      expect(heard.filter((socket) => socket.remoteAddress?.endsWith(near.address))).toHaveLength(1);
    });
  });
