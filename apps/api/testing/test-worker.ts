import { MJPEG_CONTENT_TYPE, MJPEG_OPENING, formatPart } from '@camfleet/domain';
import {
  Assignment,
  type CameraReport,
  HeartbeatAnswer,
  RegisterAnswer,
  SIGNATURE_HEADER,
  verifyRequest,
} from '@camfleet/protocol';
import { randomUUID } from 'node:crypto';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import { WebSocket } from 'ws';
import { type ApiHarness, WORKER_KEY } from './api-harness';

/** The smallest thing that a viewer takes for a JPEG. */
export const JPEG = Buffer.from('ffd8ffe000104a46494600010100000100010000ffd9', 'hex');

/** A worker that speaks the real protocol and serves made-up pictures. */
export class TestWorker {
  readonly instanceId = randomUUID();
  revision = 0;
  assignments: Assignment[] = [];
  reports = new Map<string, Partial<CameraReport>>();
  /** Connections that the API opened for pictures since the start. */
  upstreams = 0;
  badSignatures = 0;
  lastFeedPath = '';
  /** Told at registration. */
  models: unknown[] = [];
  analyses: string[] = [];
  /** What `/embed` answers, as its status and JSON. */
  onEmbed: (image: Buffer) => { status?: number; body: unknown } = () => ({ body: {} });
  /** What `/inspect` answers of a URL. */
  onInspect: (url: string) => Promise<{ status?: number; body: unknown }> = async () => ({ body: {} });
  private secret = '';
  private readonly viewers = new Set<ServerResponse>();
  private server?: Server;
  private link?: WebSocket;
  private port = 0;

  constructor(
    private readonly api: ApiHarness,
    readonly id: string,
    private readonly capacity = 10,
  ) {}

  async listen(): Promise<this> {
    this.server = createServer((request, response) => {
      void this.answer(request.method ?? '', request.url ?? '', {
        header: String(request.headers[SIGNATURE_HEADER] ?? ''),
        request,
        response,
      });
    });
    await new Promise<void>((resolve) => this.server?.listen(0, '127.0.0.1', resolve));
    const address = this.server.address();
    this.port = typeof address === 'object' && address ? address.port : 0;
    return this;
  }

  async register(): Promise<{ status: number; body: Record<string, unknown> }> {
    const answer = await this.api.call('POST', '/api/workers/register', {
      key: WORKER_KEY,
      body: {
        workerId: this.id,
        instanceId: this.instanceId,
        name: `Worker ${this.id}`,
        publicUrl: `http://127.0.0.1:${this.port}`,
        labels: {},
        capacity: { cameras: this.capacity },
        models: this.models,
        analyses: this.analyses,
        version: 'test',
      },
    });
    if (answer.status === 201) this.secret = RegisterAnswer.parse(answer.body).secret;
    return answer;
  }

  /** Reports every camera that it was told to run as `streaming`, unless `reports` says else. */
  async heartbeat(): Promise<{ status: number; body: Record<string, unknown> }> {
    const answer = await this.api.call('POST', `/api/workers/${this.id}/heartbeat`, {
      key: WORKER_KEY,
      body: {
        instanceId: this.instanceId,
        revision: this.revision,
        load: { cpu: 0.1, memory: 0.1 },
        outbox: { depth: 0, lostEvents: 0, lostSnapshots: 0 },
        cameras: this.assignments.map(({ cameraId, epoch }) => ({
          cameraId,
          epoch,
          state: 'streaming',
          fps: 15,
          width: 640,
          height: 360,
          codec: 'h264',
          lastFrameAt: new Date().toISOString(),
          ...this.reports.get(cameraId),
        })),
      },
    });
    if (answer.status === 200) {
      const { revision, assignments } = HeartbeatAnswer.parse(answer.body);
      this.revision = revision;
      if (assignments) this.assignments = assignments;
    }
    return answer;
  }

  async online(): Promise<this> {
    await this.listen();
    await this.register();
    await this.heartbeat();
    return this;
  }

  /** Opens the link; resolves when the API has taken it. */
  async openLink(onWake: () => void): Promise<void> {
    const link = new WebSocket(`${this.api.webSocketUrl}/api/workers/${this.id}/link`, {
      headers: { Authorization: `Bearer ${WORKER_KEY}` },
    });
    this.link = link;
    await new Promise<void>((resolve, reject) => {
      link.once('message', () => resolve());
      link.once('error', reject);
    });
    link.on('message', onWake);
  }

  /** Sends one picture to every connection that is open. */
  showPicture(timestampMs: number, jpeg: Buffer = JPEG): void {
    for (const viewer of this.viewers) viewer.write(formatPart({ jpeg, timestampMs }));
  }

  showSlate(timestampMs: number): void {
    for (const viewer of this.viewers) viewer.write(formatPart({ jpeg: JPEG, timestampMs, slate: true }));
  }

  /** A picture each `intervalMs`, as of now plus `skewMs`. Answers what ends it. */
  streamPictures(intervalMs: number, skewMs = 0): () => void {
    const timer = setInterval(() => this.showPicture(Date.now() + skewMs), intervalMs);
    return () => clearInterval(timer);
  }

  /** As when a camera is taken from it. */
  endFeeds(): void {
    for (const viewer of this.viewers) viewer.end();
  }

  get connections(): number {
    return this.viewers.size;
  }

  /** As when the process is killed: server and link close at once. */
  async die(): Promise<void> {
    this.link?.terminate();
    this.server?.closeAllConnections();
    await new Promise<void>((resolve) => (this.server ? this.server.close(() => resolve()) : resolve()));
    this.server = undefined;
  }

  private async answer(
    method: string,
    path: string,
    { header, request, response }: { header: string; request: IncomingMessage; response: ServerResponse },
  ): Promise<void> {
    if (path === '/healthz') {
      response.end(JSON.stringify({ instanceId: this.instanceId }));
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const signed = { secret: this.secret, method, path, nowMs: Date.now(), header };
    if (!(await verifyRequest({ ...signed, body }))) {
      this.badSignatures += 1;
      response.writeHead(401).end();
      return;
    }
    if (path === '/embed') {
      const { status = 200, body: answer } = this.onEmbed(body);
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer));
      return;
    }
    if (path === '/inspect') {
      const { status = 200, body: answer } = await this.onInspect(JSON.parse(body.toString()).url);
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer));
      return;
    }
    if (path.endsWith('/snapshot.jpg')) {
      response.writeHead(200, { 'Content-Type': 'image/jpeg', 'X-Timestamp': '1700000000000' }).end(JPEG);
      return;
    }
    this.upstreams += 1;
    this.lastFeedPath = path;
    this.viewers.add(response);
    response.on('close', () => this.viewers.delete(response));
    response.writeHead(200, { 'Content-Type': MJPEG_CONTENT_TYPE });
    response.write(MJPEG_OPENING);
  }
}
