import { faceEvent } from '../testing/examples';
import { fakeServer } from '../testing/fake-socket';
import { LiveClient, type LiveNotice } from './live-client';

describe('LiveClient', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  function opened() {
    const server = fakeServer();
    const notices: LiveNotice[] = [];
    const client = new LiveClient({ connect: server.connect, random: () => 1 });
    client.listen((notice) => notices.push(notice));
    client.start();
    server.last().onopen?.();
    return { server, notices, client };
  }

  const event = (sequence: number) => ({ type: 'event' as const, event: faceEvent({ sequence }) });
  const sequences = (notices: LiveNotice[]) =>
    notices.flatMap((notice) => (notice.type === 'event' ? [notice.event.sequence] : []));

  function loseAndReturn(server: ReturnType<typeof fakeServer>) {
    server.last().onclose?.();
    jest.advanceTimersByTime(500);
    server.last().onopen?.();
  }

  it('asks for what comes from now on, and has the lists read again', () => {
    const { server, notices } = opened();
    expect(server.last().sent).toEqual([{ type: 'subscribe' }]);
    server.last().says({ type: 'subscribed', after: 7 });
    expect(notices).toEqual([{ type: 'reset' }]);
  });

  it('resumes after the last event that it saw: no gap, no repeat', () => {
    const { server, notices } = opened();
    server.last().says({ type: 'subscribed', after: 7 });
    server.last().says(event(8));
    server.last().says(event(9));
    loseAndReturn(server);
    expect(server.last().sent).toEqual([{ type: 'subscribe', after: 9 }]);
    server.last().says({ type: 'subscribed', after: 9 });
    server.last().says(event(9));
    server.last().says(event(10));
    expect(sequences(notices)).toEqual([8, 9, 10]);
    expect(notices.map(({ type }) => type)).toEqual(['reset', 'event', 'event', 'refresh', 'event']);
  });

  it('resumes where the server stood when nothing had happened yet', () => {
    const { server } = opened();
    server.last().says({ type: 'subscribed', after: 7 });
    loseAndReturn(server);
    expect(server.last().sent).toEqual([{ type: 'subscribe', after: 7 }]);
  });

  it('starts over when it was away longer than events are kept', () => {
    const { server, notices } = opened();
    server.last().says({ type: 'subscribed', after: 7 });
    loseAndReturn(server);
    server.last().says({ type: 'error', code: 'CURSOR_EXPIRED', oldest: 100 });
    expect(server.last().sent).toEqual([{ type: 'subscribe', after: 7 }, { type: 'subscribe' }]);
    server.last().says({ type: 'subscribed', after: 150 });
    expect(notices.at(-1)).toEqual({ type: 'reset' });
  });

  it('passes over messages that it does not know, so that an older page survives a newer server', () => {
    const { server, notices } = opened();
    server.last().says({ type: 'video', anything: 1 });
    server.last().onmessage?.({ data: 'not json' });
    expect(notices).toEqual([]);
  });
});
