import { until } from '@camfleet/testing';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, type BrowserContext, type Page, chromium } from 'playwright-core';

const CHROMIUM = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
const SCREENSHOTS = join(__dirname, '../../../../test-results');
const WAIT_MS = 10_000;

export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--disable-dev-shm-usage',
      // A camera that shows a test picture, and nobody who has to allow it.
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
    ],
  });
}

/** What a canvas shows. */
interface Pixels {
  /** Equal for equal pictures. */
  digest: number;
  /** 0 to 255. */
  brightness: number;
}

/** One who sits before the dashboard in a browser of their own: finds things by role and name, as people do. */
export class Person implements AsyncDisposable {
  /** What the page complained about, but for answers that a test asks for. */
  readonly complaints: string[] = [];

  private constructor(
    private readonly context: BrowserContext,
    readonly page: Page,
  ) {
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('console', (message) => {
      if (message.type() !== 'error') return;
      if (!/Failed to load resource/.test(message.text())) this.complaints.push(message.text());
    });
  }

  static async open(browser: Browser, url: string): Promise<Person> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    const page = await context.newPage();
    page.setDefaultTimeout(WAIT_MS);
    await page.goto(url);
    return new Person(context, page);
  }

  async signIn(username: string, password: string): Promise<void> {
    await this.fill('User name', username);
    await this.fill('Password', password);
    await this.press('Sign in');
  }

  async goTo(name: string): Promise<void> {
    await this.page
      .getByRole('navigation', { name: 'Pages' })
      .getByRole('link', { name, exact: true })
      .click();
    await this.sees('heading', name);
  }

  async press(name: string): Promise<void> {
    await this.page.getByRole('button', { name, exact: true }).click();
  }

  async fill(label: string, text: string): Promise<void> {
    await this.page.getByRole('textbox', { name: label, exact: true }).fill(text);
  }

  async sees(
    role: Parameters<Page['getByRole']>[0],
    name: string | RegExp,
    timeout = WAIT_MS,
  ): Promise<void> {
    await this.page.getByRole(role, { name }).first().waitFor({ timeout });
  }

  async seesNo(role: Parameters<Page['getByRole']>[0], name: string | RegExp): Promise<void> {
    await this.page.getByRole(role, { name }).first().waitFor({ state: 'detached' });
  }

  /** Waits until the camera's picture is live, not black, and another one than a moment ago. */
  async seesMovement(cameraId: string, timeoutMs = 20_000): Promise<void> {
    const live = this.page.locator(`[data-testid="picture-${cameraId}"][data-live="true"]`).first();
    await live.waitFor({ timeout: timeoutMs });
    const first = await this.pixels(cameraId);
    await until('the picture moves', async () => {
      const now = await this.pixels(cameraId);
      return now.brightness > 20 && now.digest !== first.digest;
    });
  }

  /** Without the user's data nobody can tell later what was wrong. */
  async photograph(name: string): Promise<void> {
    mkdirSync(SCREENSHOTS, { recursive: true });
    const file = `${name.replace(/\W+/g, '-').slice(0, 80)}.png`;
    await this.page.screenshot({ path: join(SCREENSHOTS, file) }).catch(() => undefined);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.context.close();
  }

  private pixels(cameraId: string): Promise<Pixels> {
    return this.page.evaluate<Pixels>(`(() => {
      const canvas = document.querySelector('[data-testid="picture-${cameraId}"] canvas');
      if (!canvas || canvas.width === 0) return { digest: 0, brightness: 0 };
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      let digest = 0, sum = 0;
      for (let at = 0; at < data.length; at += 4) {
        digest = (Math.imul(digest, 31) + data[at] + data[at + 1] * 3 + data[at + 2] * 7) | 0;
        sum += data[at] + data[at + 1] + data[at + 2];
      }
      return { digest, brightness: sum / (data.length / 4) / 3 };
    })()`);
  }
}
