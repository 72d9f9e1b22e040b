import { fakeServer } from '../testing/fake-socket';
import { backoffDelayMs } from './backoff';
import { ReconnectingSocket, type ConnectionState } from './reconnecting-socket';

describe('ReconnectingSocket', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  function connected(isAlive?: () => Promise<boolean>) {
    const server = fakeServer();
    const states: ConnectionState[] = [];
    const received: unknown[] = [];
    const socket = new ReconnectingSocket({
      connect: server.connect,
      onMessage: (data) => received.push(data),
      onState: (state) => states.push(state),
      random: () => 1,
      ...(isAlive && { isAlive }),
    });
    const stop = socket.start();
    server.last().onopen?.();
    return { server, states, received, socket, stop };
  }

  it('comes back after a loss, so that the page does not stay dead', () => {
    const { server, states } = connected();
    server.last().onclose?.();
    expect(states.at(-1)).toBe('waiting');
    jest.advanceTimersByTime(499);
    expect(server.sockets).toHaveLength(1);
    jest.advanceTimersByTime(1);
    expect(server.sockets).toHaveLength(2);
    server.last().onopen?.();
    expect(states).toEqual(['connecting', 'open', 'waiting', 'retrying', 'open']);
  });

  it('waits longer each time, so that a server that comes up is not trampled', () => {
    const { server } = connected();
    const waits: number[] = [];
    for (let loss = 0; loss < 7; loss++) {
      const before = server.sockets.length;
      server.last().onclose?.();
      let waited = 0;
      for (; server.sockets.length === before; waited += 100) jest.advanceTimersByTime(100);
      waits.push(waited);
    }
    expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 15_000, 15_000]);
  });

  it('begins the back-off anew after a connection that held', () => {
    const { server } = connected();
    server.last().onclose?.();
    jest.advanceTimersByTime(500);
    server.last().onopen?.();
    jest.advanceTimersByTime(5_000);
    server.last().onclose?.();
    jest.advanceTimersByTime(500);
    expect(server.sockets).toHaveLength(3);
  });

  it('gives up a connection that never completes', () => {
    const { server, states } = connected();
    server.last().onclose?.();
    jest.advanceTimersByTime(500);
    const hanging = server.last();
    jest.advanceTimersByTime(10_000);
    expect(hanging.closed).toBe(true);
    expect(states.at(-1)).toBe('waiting');
  });

  it('notices a server that froze, or a network that is gone: the page says that it is out of date', async () => {
    let alive = true;
    const { server, states } = connected(() => Promise.resolve(alive));
    await jest.advanceTimersByTimeAsync(60_000);
    expect(states.at(-1)).toBe('open');
    alive = false;
    const frozen = server.last();
    await jest.advanceTimersByTimeAsync(10_000);
    expect(states.at(-1)).toBe('waiting');
    expect(frozen.closed).toBe(true);
    await jest.advanceTimersByTimeAsync(500);
    expect(server.sockets).toHaveLength(2);
  });

  it('takes what the server says for a sign of life, and does not ask as well', async () => {
    const isAlive = jest.fn(() => Promise.resolve(false));
    const { server, states } = connected(isAlive);
    for (let second = 0; second < 30; second += 1) {
      await jest.advanceTimersByTimeAsync(1_000);
      server.last().says({ type: 'event' });
    }
    expect(isAlive).not.toHaveBeenCalled();
    expect(states.at(-1)).toBe('open');
  });

  it('does not come back once it was stopped, and hears nothing more', () => {
    const { server, stop, states, received } = connected();
    const socket = server.last();
    stop();
    socket.says({ type: 'late' });
    jest.advanceTimersByTime(60_000);
    expect(server.sockets).toHaveLength(1);
    expect(socket.closed).toBe(true);
    expect(received).toEqual([]);
    expect(states.at(-1)).toBe('closed');
  });

  it('tries at once when a person asks', () => {
    const { server, socket } = connected();
    server.last().onclose?.();
    socket.reconnectNow();
    expect(server.sockets).toHaveLength(2);
    jest.advanceTimersByTime(500);
    expect(server.sockets).toHaveLength(2);
  });

  it('can be started again, as React does in development', () => {
    const { server, socket, stop, states } = connected();
    stop();
    socket.start();
    server.last().onopen?.();
    expect(server.sockets).toHaveLength(2);
    expect(states.at(-1)).toBe('open');
  });
});

describe('backoffDelayMs', () => {
  it('spreads browsers over half of the delay', () => {
    expect(backoffDelayMs(2, 0)).toBe(1000);
    expect(backoffDelayMs(2, 1)).toBe(2000);
    expect(backoffDelayMs(1000, 1)).toBe(15_000);
  });
});
