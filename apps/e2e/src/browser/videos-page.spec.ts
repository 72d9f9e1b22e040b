import { ClaimAnswer, JobPage, VideoPage, type Video } from '@camfleet/protocol';
import { until } from '@camfleet/testing';
import { createHash } from 'node:crypto';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { faceRecording } from '../clips/face-clip';
import { System } from '../system';
import { Person, openBrowser } from './person';

const OPERATOR = { username: 'archivist', password: 'looks-at-0ld-tapes', role: 'operator' };
const VIEWER = { username: 'visitor', password: 'only-looks-4t-tapes', role: 'viewer' };
/** In this machine's time zone, which is the browser's. */
const RECORDED_AT = '2026-02-03T04:05:06';
/** A worker of somebody's own, and what it does. */
const STRANGER = { worker_id: 'stranger', analysis_type: 'tape_noise' };

let system: System;
let browser: Browser;
let recording: string;

beforeAll(async () => {
  recording = await faceRecording();
  system = await System.start();
  browser = await openBrowser();
  for (const user of [OPERATOR, VIEWER])
    expect((await system.api.call('POST', '/api/users', user)).status).toBe(201);
}, 90_000);
afterAll(async () => {
  await browser?.close();
  await system?.[Symbol.asyncDispose]();
}, 60_000);

/** Somebody at the Videos page; a picture of where it failed is kept, and the page may complain of nothing. */
async function at(
  user: typeof OPERATOR,
  { name, tell }: { name: string; tell: (someone: Person) => Promise<void> },
): Promise<void> {
  await using someone = await Person.open(browser, system.api.url);
  try {
    await someone.signIn(user.username, user.password);
    await someone.sees('heading', 'Live');
    await someone.goTo('Videos');
    await tell(someone);
    expect(someone.complaints).toEqual([]);
  } catch (error) {
    await someone.photograph(name);
    throw error;
  }
}

async function videoNamed(name: string | RegExp): Promise<Video> {
  const { items } = VideoPage.parse((await system.api.call('GET', '/api/videos')).body);
  const found = items.find(({ fileName }) =>
    typeof name === 'string' ? fileName === name : name.test(fileName),
  );
  if (!found) throw new Error(`no video ${String(name)}`);
  return found;
}

const choose = (page: Page, files: string | string[]) =>
  page.locator('input[type=file]').setInputFiles(files);
/** Files that the server has nothing of are asked about first. */
async function upload(page: Page, files: string | string[], recordedAt?: string): Promise<void> {
  await choose(page, files);
  const dialog = page.getByRole('dialog', { name: /^Upload/ });
  if (recordedAt !== undefined) await dialog.getByLabel('Recorded at').fill(recordedAt);
  await dialog.getByRole('button', { name: 'Upload' }).click();
}
const listed = (page: Page, name: string | RegExp) =>
  page.getByRole('list', { name: 'Videos' }).getByRole('listitem', { name });
const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** As on a line that takes so many bytes a second; none: as fast as it goes. */
async function onALine(page: Page, bytesPerSecond: number): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const speed = { uploadThroughput: bytesPerSecond, downloadThroughput: -1 };
  await session.send('Network.enable');
  await session.send('Network.emulateNetworkConditions', { offline: false, latency: 0, ...speed });
}

it('goes on with an upload after a pause and after a reload, and keeps every byte', async () => {
  const tape = join(system.dataDirectory, 'tape.mp4');
  copyFileSync(recording, tape);
  const begun: string[] = [];
  await at(OPERATOR, {
    name: 'upload resumed',
    tell: async (someone) => {
      const { page } = someone;
      page.on('request', (request) => {
        if (request.method() === 'POST' && request.url().endsWith('/api/uploads')) begun.push(request.url());
      });
      for (const analysis of ['Frames', 'Faces', 'Objects'])
        await page.getByRole('checkbox', { name: analysis }).uncheck();
      await onALine(page, 20_000);
      await upload(page, tape);
      const sent = page.getByRole('list', { name: 'Uploads' }).getByRole('listitem');
      await sent.getByText(/Uploading, [1-9]\d? %/).waitFor({ timeout: 40_000 });
      await someone.press('Pause tape.mp4');
      await sent.getByText(/Paused, \d+ %/).waitFor();

      await page.reload();
      const interrupted = page.getByRole('list', { name: 'Interrupted uploads' });
      await interrupted.getByText('tape.mp4').waitFor();
      await onALine(page, -1);
      await choose(page, tape);
      await listed(page, 'tape.mp4').getByText('Uploaded').waitFor({ timeout: 40_000 });
      await interrupted.waitFor({ state: 'detached' });
    },
  });
  // One upload that was gone on with, and not a second one from the beginning.
  expect(begun).toHaveLength(1);
  const { id } = await videoNamed('tape.mp4');
  const answer = await fetch(`${system.api.url}/video/${id}`, {
    headers: { Authorization: `Bearer ${system.api.key}` },
  });
  expect(digest(new Uint8Array(await answer.arrayBuffer()))).toBe(digest(readFileSync(tape)));
}, 90_000);

it('shows what was found where it is in the picture, and leads to it from the time line', async () => {
  await at(OPERATOR, {
    name: 'boxes',
    tell: async (someone) => {
      const { page } = someone;
      await upload(page, recording, RECORDED_AT);
      // The page is told: nothing is loaded anew.
      await listed(page, 'face-recording.mp4')
        .getByText('Analysed', { exact: true })
        .waitFor({ timeout: 120_000 });
      await page.getByRole('link', { name: 'face-recording.mp4' }).click();

      const line = page.getByRole('region', { name: 'Time line' });
      const bar = line.getByRole('button', { name: /^Face 1, / });
      await bar.click();
      // With the keyboard alone: closer, and to where a track begins.
      const time = () => page.evaluate<number>(`document.querySelector('video').currentTime`);
      await page.evaluate(`document.querySelector('video').currentTime = 7`);
      await line.getByRole('button', { name: 'Closer' }).focus();
      for (const key of ['Enter', 'Tab', 'Home', 'Enter']) await page.keyboard.press(key);
      await until('the player is where a track begins', async () => (await time()) < 6.5);
      await page.keyboard.press('0');
      await line.getByText('The whole video').waitFor();
      const faceAt = async (seconds: number) => {
        await page.evaluate(`document.querySelector('video').currentTime = ${seconds}`);
        const box = page.getByTestId('boxes').locator('> *', { hasText: 'Face' }).first();
        return parseFloat((await box.getAttribute('style'))?.match(/left: ([\d.]+)%/)?.[1] ?? '');
      };
      await until('the box is right of the middle', async () => (await faceAt(2)) > 45);
      await until('the box is left of the middle', async () => (await faceAt(6)) < 40);

      await page.getByRole('list', { name: 'Frames' }).getByRole('listitem').first().waitFor();
      const frame = `document.querySelector('ul[aria-label="Frames"] img').naturalWidth`;
      await until('a frame is there', async () => (await page.evaluate<number>(frame)) > 0);
      await page.getByRole('tab', { name: 'Faces' }).click();
      await page.getByRole('list', { name: 'Visits' }).getByRole('listitem').first().waitFor();
      await page.getByRole('tab', { name: 'Results' }).click();
      await page.getByText('No classifier is configured').waitFor();
    },
  });
  const { recordedAt } = await videoNamed('face-recording.mp4');
  expect(recordedAt).toBe(new Date(RECORDED_AT).toISOString());
}, 180_000);

it('says why a file is refused, before it is sent or after it was looked into', async () => {
  const broken = join(system.dataDirectory, 'broken.mp4');
  const letter = join(system.dataDirectory, 'letter.pdf');
  writeFileSync(broken, Buffer.alloc(200_000, 'this is no video '));
  writeFileSync(letter, 'a letter');
  await at(OPERATOR, {
    name: 'refused',
    tell: async ({ page }) => {
      await upload(page, [letter, broken]);
      const uploads = page.getByRole('list', { name: 'Uploads' });
      await uploads.getByRole('listitem', { name: 'letter.pdf' }).getByText('This is not a video.').waitFor();
      const refusal = 'There is no video in this file that can be read.';
      await uploads.getByRole('listitem', { name: 'broken.mp4' }).getByText(refusal).waitFor();
      await listed(page, 'broken.mp4').getByText(refusal).waitFor();
    },
  });
}, 60_000);

it('records with the camera of the device, and keeps the recording', async () => {
  await at(OPERATOR, {
    name: 'recorded',
    tell: async (someone) => {
      const { page } = someone;
      await someone.press('Record a video');
      await someone.press('Record');
      await page.getByRole('timer', { name: 'Recorded' }).getByText('0:02').waitFor();
      await someone.press('Stop and upload');
      await listed(page, /^recording-/).waitFor({ timeout: 20_000 });
    },
  });
  const { sizeBytes, recordedAt = '', createdAt } = await videoNamed(/^recording-/);
  expect(sizeBytes).toBeGreaterThan(1_000);
  // The first picture was taken before the last one, after which it was uploaded.
  expect(Date.parse(createdAt) - Date.parse(recordedAt)).toBeGreaterThan(1_500);
}, 60_000);

it('shows a dead letter with its reason, to be tried again by those who may', async () => {
  const { api } = system;
  const { worker_id, analysis_type } = STRANGER;
  const today = new Date().toISOString().slice(0, 10);
  await api.call('POST', '/api/vision/enqueue_test', { date: today, limit: 1, analysis_type });
  const claim = { worker_id, max_jobs: 1, lease_seconds: 60, analysis_types: [analysis_type] };
  const [job] = ClaimAnswer.parse((await api.call('POST', '/api/vision/claim', claim)).body).jobs;
  const failure = { worker_id, job_id: job?.job_id, error: 'The tape is torn.', retry: false };
  expect((await api.call('POST', '/api/vision/fail', failure)).status).toBe(200);

  const row = (page: Page) =>
    page.getByRole('list', { name: 'Jobs' }).getByRole('listitem', { name: /^tape_noise/ });
  await at(VIEWER, {
    name: 'dead letter, viewer',
    tell: async (someone) => {
      const { page } = someone;
      await listed(page, 'tape.mp4').waitFor();
      for (const name of [/^Analyse/, /^Delete/, /^Choose/, /^Record/])
        expect(await page.getByRole('button', { name }).count()).toBe(0);
      await someone.goTo('Jobs');
      await row(page).getByText('The tape is torn.').waitFor();
      expect(await page.getByRole('button', { name: /^Try/ }).count()).toBe(0);
    },
  });
  await at(OPERATOR, {
    name: 'dead letter',
    tell: async (someone) => {
      const { page } = someone;
      await someone.goTo('Jobs');
      await page
        .getByRole('group', { name: 'Jobs by state' })
        .getByRole('button', { name: /Given up/ })
        .click();
      await row(page).getByText('The tape is torn.').waitFor();
      await row(page)
        .getByRole('button', { name: /^Try tape_noise of/ })
        .click();
      await row(page).waitFor({ state: 'detached' });
    },
  });
  const { items } = JobPage.parse((await api.call('GET', `/api/jobs?type=${analysis_type}`)).body);
  expect(items).toMatchObject([{ state: 'queued' }]);
}, 90_000);
