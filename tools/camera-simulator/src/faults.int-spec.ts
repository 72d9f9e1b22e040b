import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '@camfleet/testing';
import { type CameraSimulator, makeTestClip, startCameraSimulator } from './index';

/** An RTSP client that sends what it is told and keeps what comes: faults are seen on the wire itself. */
class Wire implements Disposable {
  received = Buffer.alloc(0);
  private count = 0;

  private constructor(readonly socket: Socket) {
    socket.on('data', (chunk: Buffer) => (this.received = Buffer.concat([this.received, chunk])));
    socket.on('error', () => undefined);
  }

  static async open(port: number): Promise<Wire> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return new Wire(socket);
  }

  /** The head of the answer. */
  async ask(line: string, headers = ''): Promise<string> {
    this.received = Buffer.alloc(0);
    this.socket.write(`${line} RTSP/1.0\r\nCSeq: ${++this.count}\r\n${headers && `${headers}\r\n`}\r\n`);
    await until(`${line} is answered`, () => this.received.includes('\r\n\r\n'));
    const end = this.received.indexOf('\r\n\r\n') + 4;
    const head = this.received.subarray(0, end).toString();
    this.received = this.received.subarray(end);
    return head;
  }

  async play(url: string): Promise<void> {
    const setUp = await this.ask(`SETUP ${url}/trackID=0`, 'Transport: RTP/AVP/TCP;unicast;interleaved=0-1');
    const session = /Session: (\w+)/.exec(setUp)?.[1] ?? '';
    expect(await this.ask(`PLAY ${url}`, `Session: ${session}`)).toMatch(/^RTSP\/1.0 200/);
  }

  /** RTP times of the packets so far; ends at the first byte that is no framing. */
  times(): number[] {
    const times: number[] = [];
    for (let at = 0; at + 16 <= this.received.length && this.received[at] === 0x24;) {
      if (this.received[at + 1] === 0) times.push(this.received.readUInt32BE(at + 8));
      at += 4 + this.received.readUInt16BE(at + 2);
    }
    return times;
  }

  /** True when every byte so far lies in framed packets. */
  isFramed(): boolean {
    let at = 0;
    while (at + 4 <= this.received.length) {
      if (this.received[at] !== 0x24) return false;
      at += 4 + this.received.readUInt16BE(at + 2);
    }
    return true;
  }

  [Symbol.dispose](): void {
    this.socket.destroy();
  }
}

describe('the simulator on the wire', () => {
  let folder: string;
  let simulator: CameraSimulator;
  let url: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'camfleet-faults-'));
    const clip = join(folder, 'clip.h264');
    await makeTestClip({ path: clip, durationSeconds: 2 });
    simulator = await startCameraSimulator({
      controlPort: 0,
      cameras: [
        { path: '/open', clip },
        // So fast that it fills the buffers of the system soon.
        { path: '/fast', clip, fps: 1000 },
        { path: '/locked', clip, username: 'user', password: 'secret' },
      ],
    });
    url = simulator.url('/open');
  });
  afterEach(() => simulator.camera('/open').fault('none'));
  afterAll(async () => {
    await simulator.close();
    await rm(folder, { recursive: true });
  });

  it.each([
    ['OPTIONS', '', /^RTSP\/1.0 200[^]*Public: .*GET_PARAMETER/],
    ['DESCRIBE', '', /^RTSP\/1.0 200[^]*application\/sdp/],
    ['DESCRIBE', 'Accept: text/html', /^RTSP\/1.0 406/],
    ['SETUP', 'Transport: RTP/AVP;unicast;client_port=5000-5001', /^RTSP\/1.0 461/],
    ['PLAY', 'Session: 1234', /^RTSP\/1.0 454/],
    ['TEARDOWN', 'Session: 1234', /^RTSP\/1.0 454/],
    ['GET_PARAMETER', '', /^RTSP\/1.0 200/],
    ['RECORD', '', /^RTSP\/1.0 405[^]*Allow: /],
    ['DANCE', '', /^RTSP\/1.0 501/],
  ])('answers %s %s as RTSP says', async (method, headers, answer) => {
    using wire = await Wire.open(simulator.port);
    expect(await wire.ask(`${method} ${url}`, headers)).toMatch(answer);
  });

  it('takes a nonce on the connection that it was given to alone', async () => {
    using first = await Wire.open(simulator.port);
    using second = await Wire.open(simulator.port);
    const locked = simulator.url('/locked');
    const challenge = await first.ask(`DESCRIBE ${locked}`);
    const nonce = /nonce="(\w+)"/.exec(challenge)?.[1] ?? '';
    const stolen = `Authorization: Digest username="user", realm="camfleet", nonce="${nonce}", uri="${locked}", response="0"`;
    expect(await second.ask(`DESCRIBE ${locked}`, stolen)).toMatch(/^RTSP\/1.0 401[^]*stale=TRUE/);
  });

  it('stalls: no frame comes any more, and the session still answers', async () => {
    using wire = await Wire.open(simulator.port);
    await wire.play(url);
    await until('frames come', () => wire.times().length > 5);
    simulator.camera('/open').fault('stall');
    expect(await wire.ask(`GET_PARAMETER ${url}`)).toMatch(/200 OK/);
    const { framesSent } = simulator.camera('/open').status();
    // Longer than many frames take: their absence is what is tested.
    using other = await Wire.open(simulator.port);
    for (let i = 0; i < 40; i++) await other.ask(`OPTIONS ${url}`);
    expect(simulator.camera('/open').status().framesSent).toBe(framesSent);
    simulator.camera('/open').fault('none');
    await until('frames come again', () => wire.times().length > 5);
  });

  it('sends garbage that also breaks the framing', async () => {
    using wire = await Wire.open(simulator.port);
    await wire.play(url);
    await until('frames come', () => wire.times().length > 5);
    expect(wire.isFramed()).toBe(true);
    simulator.camera('/open').fault('garbage');
    await until('the framing is lost', () => !wire.isFramed());
  });

  it('sends wrong times: an hour ahead and back again', async () => {
    using wire = await Wire.open(simulator.port);
    await wire.play(url);
    simulator.camera('/open').fault('timestamps');
    const jumps = () =>
      wire.times().filter((time, i, all) => Math.abs(time - Number(all[i - 1])) > 90_000 * 60);
    await until('time has jumped', () => jumps().length > 0);
  });

  it('loses its network and comes back at the same address', async () => {
    using wire = await Wire.open(simulator.port);
    await wire.play(url);
    const closed = once(wire.socket, 'close');
    await simulator.goDown();
    await closed;
    await expect(Wire.open(simulator.port)).rejects.toThrow(/ECONNREFUSED/);
    await simulator.comeBack();
    using again = await Wire.open(simulator.port);
    expect(await again.ask(`OPTIONS ${url}`)).toMatch(/200 OK/);
  });

  it('drops frames for a viewer that does not read, in place of holding them', async () => {
    using wire = await Wire.open(simulator.port);
    await wire.play(simulator.url('/fast'));
    wire.socket.pause();
    await until('frames are dropped', () => simulator.camera('/fast').status().framesDropped > 0, 20_000);
  }, 30_000);

  it('is told its faults over HTTP', async () => {
    const call = (method: string, path: string) => fetch(`${simulator.controlUrl}${path}`, { method });
    expect(await (await call('PUT', '/cameras/open/fault/stall')).json()).toMatchObject({ fault: 'stall' });
    expect(simulator.camera('/open').activeFault).toBe('stall');
    expect((await call('PUT', '/cameras/open/fault/sleep')).status).toBe(400);
    expect((await call('PUT', '/cameras/nobody/fault/stall')).status).toBe(400);
    expect(await (await call('GET', '/cameras')).json()).toHaveLength(3);
  });
});
