import { randomUUID } from 'node:crypto';
import { HeartbeatAnswer } from '@camfleet/protocol';
import { Client } from 'undici';
import { WebSocket } from 'ws';

const HEARTBEAT_MS = 1_000;
/** As the worker does: what comes together is told together. */
const COALESCE_MS = 5;
const RETRY_MS = 250;

export interface WorkerSurroundings {
  apiUrl: string;
  workerKey: string;
  publicUrl: string;
  /** A heartbeat's answer took so long; negative: it failed. */
  onBeat: (tookMs: number) => void;
}

/** A worker without cameras: it speaks the worker's protocol, and everything that it is to run streams at once. */
export class SimulatedWorker {
  readonly instanceId = randomUUID();
  lastWakeAtMs = 0;
  wakes = 0;
  retries = 0;
  held: { cameraId: string; epoch: number }[] = [];
  private revision = 0;
  private readonly client: Client;
  private link?: WebSocket;
  private timer?: NodeJS.Timeout;
  private beating = false;
  private asked = false;
  private dead = false;

  constructor(
    readonly id: string,
    private readonly surroundings: WorkerSurroundings,
  ) {
    this.client = new Client(surroundings.apiUrl, { keepAliveTimeout: 30_000 });
  }

  /** Resolves when the API has taken it. */
  async register(): Promise<void> {
    for (;;) {
      const answer = await this.post('/api/workers/register', {
        workerId: this.id,
        instanceId: this.instanceId,
        name: this.id,
        publicUrl: this.surroundings.publicUrl,
        labels: { zone: 'a' },
        capacity: { cameras: 20 },
        models: [{ name: 'yunet', version: '1' }],
        analyses: [],
        version: '0.1.0',
      }).catch(() => undefined);
      if (answer?.status === 201) return;
      this.retries += 1;
      const seconds = Number(answer?.retryAfter);
      await new Promise((resolve) =>
        setTimeout(resolve, (seconds > 0 ? seconds * 1_000 : RETRY_MS) * (0.5 + Math.random())),
      );
    }
  }

  /** Beats once a second from a random phase on, and whenever it is woken. */
  start(): void {
    this.openLink();
    this.timer = setTimeout(() => this.beat(), Math.random() * HEARTBEAT_MS);
  }

  die(): void {
    this.dead = true;
    clearTimeout(this.timer);
    this.link?.terminate();
    void this.client.destroy();
  }

  async post(
    path: string,
    body: unknown,
  ): Promise<{ status: number; text: string; retryAfter: string | undefined }> {
    const answer = await this.client.request({
      method: 'POST',
      path,
      headers: {
        authorization: `Bearer ${this.surroundings.workerKey}`,
        'content-type': 'application/json',
      },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    return {
      status: answer.statusCode,
      text: await answer.body.text(),
      retryAfter: answer.headers['retry-after']?.toString(),
    };
  }

  private openLink(): void {
    if (this.dead) return;
    const { apiUrl, workerKey } = this.surroundings;
    const link = new WebSocket(`${apiUrl.replace(/^http/, 'ws')}/api/workers/${this.id}/link`, {
      headers: { authorization: `Bearer ${workerKey}` },
      perMessageDeflate: false,
    });
    this.link = link;
    link.on('message', () => {
      this.lastWakeAtMs = Date.now();
      this.wakes += 1;
      this.asked = true;
      if (!this.beating) this.schedule(COALESCE_MS);
    });
    link.on('error', () => undefined);
    link.on('close', () => setTimeout(() => this.openLink(), RETRY_MS * (1 + Math.random())));
  }

  private schedule(inMs: number): void {
    clearTimeout(this.timer);
    if (!this.dead) this.timer = setTimeout(() => this.beat(), inMs);
  }

  private beat(): void {
    this.beating = true;
    this.asked = false;
    const sentAt = performance.now();
    this.send()
      .then((good) => this.surroundings.onBeat(good ? performance.now() - sentAt : -1))
      .catch(() => !this.dead && this.surroundings.onBeat(-1))
      .finally(() => {
        this.beating = false;
        const tookMs = performance.now() - sentAt;
        this.schedule(this.asked ? COALESCE_MS : Math.max(0, HEARTBEAT_MS - tookMs));
      });
  }

  private async send(): Promise<boolean> {
    const lastFrameAt = new Date().toISOString();
    const { status, text } = await this.post(`/api/workers/${this.id}/heartbeat`, {
      instanceId: this.instanceId,
      revision: this.revision,
      load: { cpu: Math.random(), memory: 0.3 },
      outbox: { depth: 0, lostEvents: 0, lostSnapshots: 0 },
      cameras: this.held.map((camera) => ({
        ...camera,
        state: 'streaming',
        fps: 24 + Math.random(),
        lastFrameAt,
        width: 1920,
        height: 1080,
        codec: 'h264',
        restarts: 0,
      })),
    });
    if (status === 404) await this.register();
    if (status !== 200) return false;
    const answer = HeartbeatAnswer.parse(JSON.parse(text));
    this.revision = answer.revision;
    if (answer.assignments)
      this.held = answer.assignments
        .filter(({ desired }) => desired !== 'releasing')
        .map(({ cameraId, epoch }) => ({ cameraId, epoch }));
    return true;
  }
}
