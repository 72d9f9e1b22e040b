import { type CameraSimulator, startCameraSimulator } from '@camfleet/camera-simulator';
import type { Browser } from 'playwright-core';
import { faceClip } from '../clips/face-clip';
import { Fleet } from '../fleet';
import { Person, openBrowser } from './person';

const OPERATOR = { username: 'night-shift', password: 'keeps-4n-eye-on-it', role: 'operator' };

let simulator: CameraSimulator;
let fleet: Fleet;
let browser: Browser;
let door: string;

beforeAll(async () => {
  const { h264: clip } = await faceClip();
  simulator = await startCameraSimulator({ cameras: [{ path: '/door', clip }] });
  [fleet, browser] = await Promise.all([Fleet.start(['w1', 'w2']), openBrowser()]);
  ({ id: door } = await fleet.api.createCamera('Door', { url: simulator.url('/door') }));
  await fleet.api.start(door);
  await fleet.api.untilState(door, 'streaming');
  expect((await fleet.api.call('POST', '/api/users', OPERATOR)).status).toBe(201);
}, 90_000);
afterAll(async () => {
  await browser?.close();
  await fleet?.[Symbol.asyncDispose]();
  await simulator?.close();
}, 90_000);

const workerOf = async (cameraId: string) => (await fleet.api.status(cameraId)).workerId ?? '';

/** An operator who looks at the fleet; a picture of where it failed is kept, and the page may complain of nothing. */
async function operator(name: string, tell: (someone: Person) => Promise<void>): Promise<void> {
  await using someone = await Person.open(browser, fleet.api.url);
  try {
    await someone.signIn(OPERATOR.username, OPERATOR.password);
    await someone.sees('heading', 'Live');
    await someone.goTo('Fleet');
    await tell(someone);
    expect(someone.complaints).toEqual([]);
  } catch (error) {
    await someone.photograph(name);
    throw error;
  }
}

it('shows a camera move while its worker dies, and afterwards why it moved', async () => {
  const dying = await workerOf(door);
  const heir = dying === 'w1' ? 'w2' : 'w1';
  await operator('worker killed', async ({ page }) => {
    const card = (worker: string) => page.getByRole('article', { name: `Worker ${worker}` });
    const row = (worker: string) => card(worker).getByRole('listitem').filter({ hasText: 'Door' });
    await row(dying).getByText('Live').waitFor();

    const victim = fleet.workers.get(dying);
    victim?.signal('SIGKILL');
    await victim?.exited;
    await card(dying).getByText('Lost').waitFor();
    await row(heir).getByText(`From ${dying} at`).waitFor();
    await row(heir).getByText('Live').waitFor({ timeout: 15_000 });
    expect(await row(dying).count()).toBe(0);
    const log = page.getByRole('log', { name: 'Recent changes' });
    await log.getByText(`${dying} was lost`).waitFor();
    await log.getByText(new RegExp(`Door left ${dying}: to ${heir}, live again after`)).waitFor();

    await row(heir).getByRole('button', { name: 'History of Door' }).click();
    const times = page.getByRole('dialog', { name: 'History of Door' }).getByRole('listitem');
    await times.filter({ hasText: heir }).getByText('Running').waitFor();
    await times.filter({ hasText: dying }).getByText('The worker was lost').waitFor();
  });
  await fleet.addWorker(dying);
}, 90_000);

it('hands a worker’s cameras over at the press of a button, and asks first when nobody has room', async () => {
  const leaving = await workerOf(door);
  const heir = leaving === 'w1' ? 'w2' : 'w1';
  await operator('drained', async (someone) => {
    const { page } = someone;
    const card = (worker: string) => page.getByRole('article', { name: `Worker ${worker}` });
    await card(leaving).getByText('Door').waitFor();
    await someone.press(`Drain ${leaving}`);
    await card(heir).getByText('Door').waitFor();
    await card(leaving).getByText('Drained').waitFor({ timeout: 20_000 });
    expect(await workerOf(door)).toBe(heir);

    await someone.press(`Drain ${heir}`);
    const question = page.getByRole('alertdialog', { name: `Drain ${heir}?` });
    await question.getByText('No other worker can take its cameras now').waitFor();
    await question.getByRole('button', { name: 'Cancel' }).click();
    expect(await workerOf(door)).toBe(heir);
    await someone.press(`Resume ${leaving}`);
    await card(leaving).getByText('Online').waitFor();
  });
}, 90_000);

it('says of a camera that waits what it waits for', async () => {
  const { id } = await fleet.api.createCamera('Tunnel', { url: simulator.url('/door') });
  await fleet.api.call('PATCH', `/api/cameras/${id}`, { require: { gpu: 'true' } });
  await fleet.api.start(id);
  await operator('waiting', async ({ page }) => {
    const waiting = page.getByRole('list', { name: 'Cameras that wait' }).getByRole('listitem');
    await waiting.filter({ hasText: 'Tunnel' }).getByText('It requires gpu=true.').waitFor();
    await fleet.api.call('PATCH', `/api/cameras/${id}`, { require: {} });
    await waiting.first().waitFor({ state: 'detached' });
  });
}, 60_000);
