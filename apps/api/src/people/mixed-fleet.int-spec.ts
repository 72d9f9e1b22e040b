import { CALIBRATION, MODEL, PeopleStage, look } from '../../testing/people-stage';
import { TestWorker } from '../../testing/test-worker';

describe('with workers of two embedders', () => {
  let stage: PeopleStage;
  let other: TestWorker;
  beforeAll(async () => {
    stage = await PeopleStage.start();
    other = new TestWorker(stage.api, 'other');
  });
  afterAll(async () => {
    await other.die();
    await stage.stop();
  });

  it('people are enrolled and searched for with the one that the library is in', async () => {
    const next = { model: MODEL.model, version: '2' };
    stage.worker.models = [{ name: next.model, version: next.version, calibration: CALIBRATION }];
    await stage.worker.register();
    await stage.worker.heartbeat();
    const photo = stage.photo({ vector: look(0), model: next });
    other.models = [{ name: MODEL.model, version: MODEL.version, calibration: CALIBRATION }];
    // The picture is the same, and to the other worker it lies in the other space.
    other.onEmbed = () => ({ body: JSON.parse(stage.photo(look(0)).toString()) as unknown });
    await other.online();
    const ada = await stage.person('Ada');
    // Who was heard of last used to be asked.
    await other.heartbeat();
    expect((await stage.enrol(ada, photo)).status).toBe(201);
    const faces = await stage.api.call<{ items: { modelVersion: string }[] }>(
      'GET',
      `/api/people/${ada}/faces`,
    );
    expect(faces.body.items).toMatchObject([{ modelVersion: '2' }]);
    await other.heartbeat();
    const found = await stage.post<{ items: object[] }>('/api/faces/search', photo);
    expect(found.body.items).toMatchObject([{ kind: 'person', personId: ada }]);
    // Without it the other one is better than none.
    stage.worker.onEmbed = () => ({
      status: 503,
      body: { error: { code: 'NO_WORKER_AVAILABLE', message: '' } },
    });
    expect((await stage.post('/api/faces/search', photo)).status).toBe(200);
  });
});
