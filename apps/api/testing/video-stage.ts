import type { ApiConfig } from '@camfleet/config';
import type { Video } from '@camfleet/protocol';
import { freePort } from '@camfleet/testing';
import { ADMIN_KEY, ApiHarness } from './api-harness';
import { TestWorker } from './test-worker';

/** What the worker says of every file that does not begin with `junk`. */
export const FILM = { container: 'mov', codec: 'h264', width: 640, height: 360, fps: 25, durationMs: 2_000 };

/** An API with a worker that fetches what it is asked to inspect, as a real one does. */
export class VideoStage {
  /** What the worker was given to look at. */
  readonly inspected: string[] = [];

  private constructor(
    readonly api: ApiHarness,
    readonly worker: TestWorker,
    private readonly beating: NodeJS.Timeout,
  ) {}

  static async start(change: Partial<ApiConfig> = {}): Promise<VideoStage> {
    const port = await freePort();
    const api = await ApiHarness.start({
      port,
      publicUrl: `http://127.0.0.1:${port}`,
      leaseTtlMs: 60_000,
      ...change,
    });
    const worker = await new TestWorker(api, 'w').online();
    // A worker that is silent for long is asked nothing.
    const beating = setInterval(() => void worker.heartbeat().catch(() => undefined), 1_000);
    const stage = new VideoStage(api, worker, beating);
    stage.worker.onInspect = async (url) => {
      const answer = await fetch(url, { headers: { Range: 'bytes=0-3' } });
      const beginning = await answer.text();
      stage.inspected.push(beginning);
      if (answer.status !== 206) return { status: 422, body: error('SOURCE_UNREACHABLE') };
      return beginning === 'junk' ? { status: 422, body: error('SOURCE_UNSUPPORTED') } : { body: stage.film };
    };
    return stage;
  }

  film: object = FILM;

  /** As a browser's form. */
  async post(content: string | Uint8Array, fileName = 'film.mp4', fields: Record<string, string> = {}) {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    form.set('file', new File([content], fileName, { type: 'video/mp4' }));
    const answer = await fetch(`${this.api.url}/api/videos`, { method: 'POST', body: form, headers: auth() });
    return { status: answer.status, body: (await answer.json()) as Video & { error?: { code: string } } };
  }

  async video(id: string) {
    return (await this.api.call<Video>('GET', `/api/videos/${id}`)).body;
  }

  async stop(): Promise<void> {
    clearInterval(this.beating);
    await this.worker.die();
    await this.api.stop();
  }
}

export function auth(key = ADMIN_KEY): { Authorization: string } {
  return { Authorization: `Bearer ${key}` };
}

function error(code: string) {
  return { error: { code, message: `${code}.` } };
}
