import { GOOD, PeopleStage, look } from '../../testing/people-stage';
import { eventually } from '../../testing/api-harness';

describe('people', () => {
  let stage: PeopleStage;
  beforeAll(async () => {
    stage = await PeopleStage.start();
  });
  afterAll(() => stage.stop());
  const call = <Body>(method: string, path: string, body?: unknown) =>
    stage.api.call<Body & { error?: { code: string } }>(method, path, { body });

  it('are made, renamed, listed by name and deleted', async () => {
    const id = await stage.person('Zoë');
    expect((await call('PATCH', `/api/people/${id}`, { notes: 'from the yard' })).body).toMatchObject({
      name: 'Zoë',
      notes: 'from the yard',
      faces: 0,
      visits: 0,
      lastSeenAt: null,
    });
    const found = await call<{ items: { id: string }[] }>('GET', `/api/people?q=${encodeURIComponent('zo')}`);
    expect(found.body.items.map((person) => person.id)).toEqual([id]);
    expect((await call('DELETE', `/api/people/${id}`)).status).toBe(204);
    expect((await call('GET', `/api/people/${id}`)).body.error?.code).toBe('PERSON_NOT_FOUND');
  });

  it('are recognised when they pass, with their name and score', async () => {
    const ada = await stage.person('Ada', look(0));
    const { eventId } = await stage.visit(look(0, 0.8));
    const event = await stage.shows(eventId, ada);
    expect(event).toMatchObject({ personName: 'Ada', personScore: expect.closeTo(0.8, 3) });
    const listed = await call<{ items: { id: string }[] }>('GET', `/api/events?view=visits&personId=${ada}`);
    expect(listed.body.items.map(({ id }) => id)).toEqual([eventId]);
    const { body } = await call<{ visits: number; lastSeenAt: string }>('GET', `/api/people/${ada}`);
    expect(body).toMatchObject({ visits: 1, lastSeenAt: expect.any(String) });
  });

  it('leave a stranger unknown, also one who is as near to two of them', async () => {
    await stage.person('Bea', look(1));
    await stage.person('Cem', look(2));
    const stranger = await stage.visit(look(1, 0.2));
    const between = await stage.visit(look(1, Math.SQRT1_2, 2));
    await stage.groupOf(stranger.trackId);
    await stage.groupOf(between.trackId);
    expect((await stage.event(stranger.eventId)).personId).toBeUndefined();
    expect((await stage.event(between.eventId)).personId).toBeUndefined();
  });

  it('keep their visit when later faces of it are worse: a name never goes to and fro', async () => {
    const dan = await stage.person('Dan', look(3));
    const { eventId } = await stage.visit(look(3, 0.9), {
      vector: look(4),
      quality: { ...GOOD, score: 0.9 },
    });
    expect((await stage.shows(eventId, dan)).personScore).toBeDefined();
  });

  it('are found in what was seen before they were enrolled', async () => {
    const seen = await stage.visit(look(5, 0.9));
    await stage.groupOf(seen.trackId);
    const eve = await stage.person('Eve', look(5));
    await stage.shows(seen.eventId, eve);
    await eventually('the group to be gone', async () =>
      (await stage.groups()).every(({ best }) => best.every(({ trackId }) => trackId !== seen.trackId)),
    );
  });

  it('are enrolled from an event, with its picture', async () => {
    const seen = await stage.visit(look(6));
    const { body: person } = await call<{ id: string }>('POST', '/api/people', { name: 'Fay' });
    const enrolled = await call<{ faceId: string }>('POST', `/api/people/${person.id}/faces`, {
      eventId: seen.eventId,
    });
    expect(enrolled.status).toBe(201);
    await stage.shows(seen.eventId, person.id);
    const { body } = await call<{ items: { eventId: string; pictureUrl: string }[] }>(
      'GET',
      `/api/people/${person.id}/faces`,
    );
    expect(body.items).toMatchObject([
      { id: enrolled.body.faceId, eventId: seen.eventId, isNegative: false },
    ]);
    expect(JSON.stringify(body)).not.toContain('embedding');
  });

  it('of two that were one, one takes all visits of the other, at once', async () => {
    const one = await stage.person('Gus', look(7));
    const other = await stage.person('Gustav', look(8));
    const first = await stage.visit(look(7, 0.9));
    const second = await stage.visit(look(8, 0.9));
    await stage.shows(first.eventId, one);
    await stage.shows(second.eventId, other);
    expect((await call('POST', `/api/people/${one}/merge`, { fromId: other })).body).toMatchObject({
      faces: 2,
      visits: 2,
    });
    expect(await stage.event(second.eventId)).toMatchObject({ personId: one, personName: 'Gus' });
    expect((await call('GET', `/api/people/${other}`)).status).toBe(404);
  });

  it('of one that was two, the new one takes the faces that are theirs, and the visits', async () => {
    const mixed = await stage.person('Hal', look(9));
    await stage.enrol(mixed, stage.photo(look(10)));
    const { body } = await call<{ items: { id: string }[] }>('GET', `/api/people/${mixed}/faces`);
    const seen = await stage.visit(look(10, 0.9));
    await stage.shows(seen.eventId, mixed);
    const split = await call<{ id: string }>('POST', `/api/people/${mixed}/split`, {
      faceIds: [body.items[1]?.id],
      name: 'Ida',
    });
    expect(split.status).toBe(201);
    await stage.shows(seen.eventId, split.body.id);
  });

  it('lose what only a wrong face gave them, when that face is taken away', async () => {
    const jan = await stage.person('Jan', look(11));
    const wrong = await stage.enrol(jan, stage.photo(look(12)));
    const own = await stage.visit(look(11, 0.9));
    const foreign = await stage.visit(look(12, 0.9));
    await stage.shows(own.eventId, jan);
    await stage.shows(foreign.eventId, jan);
    expect((await call('DELETE', `/api/people/${jan}/faces/${wrong.body.faceId}`)).status).toBe(204);
    await stage.shows(foreign.eventId, null);
    expect((await stage.event(own.eventId)).personId).toBe(jan);
  });
});
