import { PeopleStage, look } from '../../testing/people-stage';

const TRIES = [0, 1, 2, 3, 4, 5];

describe('of several acts on people at once', () => {
  let stage: PeopleStage;
  beforeAll(async () => {
    stage = await PeopleStage.start();
  });
  afterAll(() => stage.stop());
  const call = <Body>(method: string, path: string, body?: unknown) =>
    stage.api.call<Body & { error?: { code: string } }>(method, path, { body });
  const remove = (id: string) => call('DELETE', `/api/people/${id}?erase=true`);

  it('one gets a face that two are to have', async () => {
    const [one, other] = [await stage.person('Twin'), await stage.person('Other twin')];
    const photo = stage.photo(look(0));
    const answers = await Promise.all([stage.enrol(one, photo), stage.enrol(other, photo)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
  });

  it('a face for somebody who is just deleted is theirs before, or nobody’s', async () => {
    for (const person of TRIES) {
      const id = await stage.person('Going');
      const [enrolled] = await Promise.all([stage.enrol(id, stage.photo(look(10 + person))), remove(id)]);
      expect([201, 404]).toContain(enrolled.status);
    }
  });

  it('a word about somebody who is just deleted is taken before, or told that they are gone', async () => {
    const { eventId } = await stage.visit(look(1));
    for (const [count, body] of TRIES.map((index) => [index, index % 2] as const)) {
      const id = await stage.person(`Going ${count}`);
      const said = stage.correct(eventId, body ? { personId: id } : { not: [id] });
      const [corrected] = await Promise.all([said, call('DELETE', `/api/people/${id}`)]);
      expect([200, 404]).toContain(corrected.status);
    }
    await stage.shows(eventId, null);
  });

  it('two who are merged into each other leave one', async () => {
    const [one, other] = [await stage.person('Ada'), await stage.person('Ada B.')];
    const merged = await Promise.all([
      call('POST', `/api/people/${one}/merge`, { fromId: other }),
      call('POST', `/api/people/${other}/merge`, { fromId: one }),
    ]);
    expect(merged.map(({ status }) => status).sort()).toEqual([200, 404]);
    const left = await Promise.all([one, other].map((id) => call('GET', `/api/people/${id}`)));
    expect(left.map(({ status }) => status).sort()).toEqual([200, 404]);
  });

  it('a group is named once; by somebody who is gone not at all', async () => {
    const { trackId } = await stage.visit(look(2));
    const { id } = await stage.groupOf(trackId);
    const gone = await stage.person('Gone');
    await remove(gone);
    const byNobody = await call('POST', `/api/people/unknown/${id}/name`, { personId: gone });
    expect(byNobody.body.error?.code).toBe('PERSON_NOT_FOUND');
    const named = await Promise.all(
      ['Cleo', 'Cleo B.'].map((name) => call('POST', `/api/people/unknown/${id}/name`, { name })),
    );
    expect(named.map(({ status }) => status).sort()).toEqual([200, 404]);
    const { body } = await call<{ items: unknown[] }>('GET', '/api/people?q=Cleo');
    expect(body.items).toHaveLength(1);
  });
});
