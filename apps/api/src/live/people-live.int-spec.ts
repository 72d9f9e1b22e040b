import { WebSocket } from 'ws';
import { ADMIN_KEY, WORKER_KEY, eventually } from '../../testing/api-harness';
import { PeopleStage, look } from '../../testing/people-stage';

interface Message {
  type: string;
  trackId?: string;
  event?: { id: string; personName?: string };
}

describe('what readers are told of whom visits show', () => {
  let stage: PeopleStage;
  beforeAll(async () => {
    stage = await PeopleStage.start();
  });
  afterAll(() => stage.stop());

  const read = async (after?: number) => {
    const told: Message[] = [];
    const socket = new WebSocket(`${stage.api.webSocketUrl}/api/live`, {
      headers: { Authorization: `Bearer ${ADMIN_KEY}` },
    });
    await new Promise((resolve) => socket.once('open', resolve));
    socket.on('message', (data) => told.push(JSON.parse(String(data))));
    socket.send(JSON.stringify({ type: 'subscribe', types: ['face', 'zone'], after }));
    await eventually('the subscription', () => told.some(({ type }) => type === 'subscribed'));
    return { socket, told };
  };
  const refreshed = ({ told }: { told: Message[] }) =>
    eventually('to be told to read again', () => told.some(({ type }) => type === 'refresh'));
  const store = async (events: object[]) => {
    const common = { cameraId: stage.cameraId, epoch: 1, occurredAt: new Date().toISOString() };
    const body = { workerId: 'w', events: events.map((event) => ({ ...common, ...event })) };
    const answer = await stage.api.call<{ accepted: number }>('POST', '/api/events', {
      key: WORKER_KEY,
      body,
    });
    expect(answer.body.accepted).toBe(events.length);
  };

  it('a reader that was slow is told to read again what it was not told', async () => {
    const ada = await stage.person('Ada', look(0));
    const { eventId, trackId } = await stage.visit(look(1));
    await stage.groupOf(trackId);
    const reader = await read();
    reader.socket.pause();
    // More than the system's buffers take.
    const much = 'x'.repeat(200_000);
    for (let batch = 0; batch < 3; batch += 1)
      await store(
        Array.from({ length: 50 }, (_, index) => ({
          ...{ id: `much:${batch}:${index}`, type: 'zone', data: { much } },
        })),
      );
    expect(await stage.correct(eventId, { personId: ada })).toMatchObject({ status: 200 });
    await stage.shows(eventId, ada);
    reader.socket.resume();
    await refreshed(reader);
    reader.socket.terminate();
  });

  it('of a hundred visits that become known at once it is told once', async () => {
    const looks = Array.from({ length: 120 }, (_, index) => ({
      ...{ id: `many:${index}`, type: 'face', trackId: `many-${index}`, state: 'new', score: 0.9 },
      ...{ box: [0.1, 0.1, 0.2, 0.2], embedding: { model: 'arc', version: '1', vector: look(2) } },
    }));
    await store(looks);
    const group = await eventually('the group', async () =>
      (await stage.groups()).find(({ visits }) => visits === 120),
    );
    const reader = await read();
    await stage.api.call('POST', `/api/people/unknown/${group.id}/name`, { body: { name: 'Many' } });
    await refreshed(reader);
    expect(reader.told.filter(({ type }) => type === 'visit')).toEqual([]);
    reader.socket.terminate();
  });

  it('a new name is in the events that are told from then on, and readers are told to read again', async () => {
    const bea = await stage.person('Bea', look(3));
    const { eventId } = await stage.visit(look(3, 0.9));
    await stage.shows(eventId, bea);
    const reader = await read();
    await stage.api.call('PATCH', `/api/people/${bea}`, { body: { name: 'Beate' } });
    await refreshed(reader);
    reader.socket.terminate();
    const later = await read(0);
    const { event } = await eventually('the event', () =>
      later.told.find((message) => message.event?.id === eventId),
    );
    later.socket.terminate();
    expect(event?.personName).toBe('Beate');
  });
});
