import { type CameraSimulator, startCameraSimulator } from '@camfleet/camera-simulator';
import { CameraPage } from '@camfleet/protocol';
import { dataFolder, freePort } from '@camfleet/testing';
import { rmSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { Person, openBrowser } from './browser/person';
import { facePhotos, visitsClip } from './clips/face-clip';
import { System } from './system';

const VIEWER = { username: 'guard', password: 'only-looks-4t-pictures' };

let folder: string;
let port: number;
let simulator: CameraSimulator;
let system: System;
let browser: Browser;
let person: Person | undefined;

beforeAll(async () => {
  const clip = await visitsClip();
  simulator = await startCameraSimulator({
    cameras: [{ path: '/cam1', clip, username: 'u', password: 'p w' }],
  });
  folder = dataFolder();
  port = await freePort();
  [system, browser] = await Promise.all([System.start({ dataDirectory: folder, port }), openBrowser()]);
}, 90_000);
afterAll(async () => {
  await browser?.close();
  await system?.[Symbol.asyncDispose]();
  await simulator?.close();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);
afterEach(async () => {
  await person?.[Symbol.asyncDispose]();
  person = undefined;
});

/** A person's way through the dashboard; a picture of where it failed is kept, and the page may complain of nothing. */
function story(name: string, tell: (someone: Person) => Promise<void>): void {
  it(
    name,
    async () => {
      const someone = await Person.open(browser, system.api.url);
      person = someone;
      try {
        await tell(someone);
        expect(someone.complaints).toEqual([]);
      } catch (error) {
        await someone.photograph(name);
        throw error;
      }
    },
    90_000,
  );
}

const admin = async (someone: Person) => {
  await someone.signIn('admin', system.password);
  await someone.sees('heading', 'Live');
};
const cameras = async () => CameraPage.parse((await system.api.call('GET', '/api/cameras')).body).items;
const cameraNamed = async (name: string) =>
  (await cameras()).find((camera) => camera.name === name)?.id ?? '';

story('turns a wrong password away, and says so', async (someone) => {
  await someone.signIn('admin', 'not the password');
  await someone.sees('alert', /.*/);
  await someone.sees('heading', 'Sign in to Camfleet');
});

story('lets one sign in with the keyboard alone', async ({ page }) => {
  await page.getByRole('textbox', { name: 'User name' }).waitFor();
  await page.keyboard.type('admin');
  await page.keyboard.press('Tab');
  await page.keyboard.type(system.password);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Live' }).waitFor();
});

story('takes a new user from the first log-in to a watched camera, and back', async (someone) => {
  const { page } = someone;
  await admin(someone);
  await someone.goTo('Cameras');
  await someone.press('Add camera');
  await someone.fill('Name', 'Entrance');
  await someone.fill('Address of the video', simulator.url('/cam1'));
  await someone.fill('User name', 'u');
  await someone.fill('Password', 'wrong');
  await someone.press('Test source');
  await page.getByText('The test failed').waitFor();
  await someone.fill('Password', 'p w');
  await someone.press('Test source');
  await someone.sees('img', 'What the camera sees', 20_000);
  await page.getByRole('dialog').getByRole('button', { name: 'Add camera' }).click();
  await someone.sees('row', /Entrance/);
  const cameraId = await cameraNamed('Entrance');

  await someone.goTo('Live');
  await someone.seesMovement(cameraId);

  // The list was open before the face came: it must arrive by itself.
  await someone.goTo('Events');
  await someone.sees('button', /^Face at Entrance, .*still there/, 20_000);
  await someone.sees('button', /^Face at Entrance, (?!.*still there)/, 20_000);

  await someone.goTo('Cameras');
  await someone.press('Stop Entrance');
  await someone.sees('button', 'Start Entrance');
  expect((await system.api.status(cameraId)).state).toBe('stopped');
  await someone.press('Delete Entrance');
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  await someone.seesNo('row', /Entrance/);
  expect(await cameras()).toEqual([]);
});

story('shows a viewer everything and lets them change nothing', async (someone) => {
  const { id } = await system.api.createCamera('Yard', {
    url: simulator.url('/cam1'),
    username: 'u',
    password: 'p w',
  });
  await system.api.start(id);
  const created = await system.api.call('POST', '/api/users', { ...VIEWER, role: 'viewer' });
  expect(created.status).toBe(201);
  await someone.signIn(VIEWER.username, VIEWER.password);
  await someone.seesMovement(id);
  await someone.goTo('Cameras');
  await someone.sees('row', /Yard/);
  for (const button of [/^Add camera/, /^Start /, /^Stop /, /^Edit /, /^Delete /])
    expect(await someone.page.getByRole('button', { name: button }).count()).toBe(0);
});

/** Of the boxes around the faces of a photo the leftmost: the person of the clip. */
async function chooseLeftmostFace({ page }: Person): Promise<void> {
  const faces = page.getByRole('button', { name: /^Add face \d+$/ });
  await faces.first().waitFor({ timeout: 20_000 });
  const places = await Promise.all(
    (await faces.all()).map(async (face) => (await face.boundingBox())?.x ?? 0),
  );
  expect(places.length).toBeGreaterThan(1);
  await faces.nth(places.indexOf(Math.min(...places))).click();
}

story(
  'knows somebody by a photo, takes a correction and its undoing, finds them by another photo',
  async (someone) => {
    const { page } = someone;
    const photos = await facePhotos();
    await admin(someone);
    await someone.goTo('People');
    await someone.press('Add person');
    await someone.fill('Name', 'Ada');
    await someone.press('Add');
    await someone.sees('heading', 'Ada');
    // Several faces are refused, and one of them can be chosen on the photo itself.
    await page.locator('input[type=file]').setInputFiles(photos.group);
    await chooseLeftmostFace(someone);
    await page.getByRole('list', { name: 'Faces of Ada' }).getByRole('listitem').waitFor({ timeout: 20_000 });

    await someone.goTo('Events');
    await page
      .getByRole('button', { name: /^Ada at Yard/ })
      .first()
      .click({ timeout: 25_000 });
    await someone.press('Not Ada');
    await someone.sees('dialog', /^Face at Yard/);
    await someone.press('Undo');
    await someone.sees('dialog', /^Ada at Yard/);
    await someone.press('Close');

    await someone.goTo('Search');
    await page.locator('input[type=file]').setInputFiles(photos.alone);
    await page
      .getByRole('list', { name: 'People found' })
      .getByRole('link', { name: /Ada/ })
      .waitFor({ timeout: 20_000 });
    await page
      .getByRole('list', { name: 'Visits found' })
      .getByRole('button', { name: /^Ada at Yard/ })
      .first()
      .waitFor();
  },
);

it('says that the server is gone, and goes on by itself when it is back', async () => {
  const id = await cameraNamed('Yard');
  await using someone = await Person.open(browser, system.api.url);
  try {
    await admin(someone);
    await someone.seesMovement(id);
    await system.program.stop();
    const banner = someone.page.getByRole('status').getByText('Connection lost');
    await banner.waitFor();
    await someone.page.locator(`[data-testid="picture-${id}"][data-live="false"]`).waitFor();

    system = await System.start({ dataDirectory: folder, port });
    await banner.waitFor({ state: 'detached', timeout: 20_000 });
    await someone.seesMovement(id, 30_000);
  } catch (error) {
    await someone.photograph('server gone');
    throw error;
  }
}, 90_000);
