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
    /** Heard from an address, in bytes. */
    const bytes = new Map<string, number>();

    beforeAll(async () => {
      network = Network.create(2);
      port = await freePort(network.home(0));
      server = createServer((socket) => {
        heard.push(socket);
        const from = String(socket.remoteAddress).replace('::ffff:', '');
        socket.on('data', (chunk) => bytes.set(from, heardOf(from) + chunk.length));
        socket.on('error', () => undefined);
      }).listen(port, '0.0.0.0');
      await once(server, 'listening');
    });
    afterAll(() => {
      for (const socket of heard) socket.destroy();
      server.close();
      network[Symbol.dispose]();
    });

    const heardOf = (address: string) => bytes.get(address) ?? 0;
    const hearsMore = (address: string, byBytes = 1) => {
      const before = heardOf(address);
      return until('more is heard', () => heardOf(address) >= before + byBytes);
    };

    it('cuts and heals one link: connections hear nothing, others go on, and later they go on too', async () => {
      const [near, far] = [network.addHost(), network.addHost()];
      const talkerOn = ({ prefix }: typeof near) =>
        new Program({ entry: TALKER, args: [network.home(1), String(port)], env: {}, prefix });
      await using cutOff = talkerOn(near);
      await cutOff.saying(/connected/);
      await hearsMore(near.address);
      network.cut(near.address, network.home(1));

      await using other = talkerOn(far);
      await other.saying(/connected/);
      await until('nothing is heard of one while the other says twenty things', async () => {
        const before = heardOf(near.address);
        await hearsMore(far.address, 20);
        return heardOf(near.address) === before;
      });
      expect(cutOff.output).not.toMatch(/closed|error/);

      network.heal(near.address, network.home(1));
      await hearsMore(near.address);
      expect(heard.filter((socket) => socket.remoteAddress?.endsWith(near.address))).toHaveLength(1);
    });
  });
