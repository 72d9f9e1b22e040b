import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import {
  type Assignment,
  type CameraReport,
  type CommandMessage,
  CommandResultRequest,
  EventBatch,
  type HeartbeatAnswer,
  HeartbeatRequest,
  RegisterRequest,
  WorkerEvent,
  signRequest,
} from '@camfleet/protocol';
import { WebSocketServer } from 'ws';

/** An answer given in place of the usual one. */
export interface Fault {
  status: number;
  code: string;
}

const SECRET = 'the secret of this fake fleet';
export const FAKE_API_KEY = 'worker-key';

/**
 * Speaks the API's side of the worker protocol, for tests of a worker: a real HTTP server with a real link, one
 * worker, everything in memory.
 */
export class FakeApi {
  readonly registrations: RegisterRequest[] = [];
  readonly heartbeats: HeartbeatRequest[] = [];
  /** Each once, in the order in which they came first. */
  readonly events: WorkerEvent[] = [];
  /** Repeats included. */
  batches: number[] = [];
  readonly results: { commandId: string; state: string; error?: string }[] = [];
  /** How often the worker asked to be drained. */
  drains = 0;
  /** Asked for each call; undefined: the usual answer. */
  fault: (path: string, body: unknown) => Fault | undefined = () => undefined;
  leaseTtlMs = 5_000;
  heartbeatIntervalMs = 1_000;
  /** What this clock says more than the machine's: workers must follow this one. */
  clockAheadMs = 0;
  rejectEvents = new Set<string>();
  assignments: Assignment[] = [];
  commands: CommandMessage[] = [];
  revision = 0;
  private readonly links: WebSocketServer;

  private constructor(private readonly server: Server) {
    this.links = new WebSocketServer({ noServer: true });
    server.on('upgrade', (request, socket, head) => {
      this.links.handleUpgrade(request, socket, head, () => undefined);
    });
    server.on('request', (request, response) => void this.answer(request, response));
  }

  static async start(options: { port?: number } = {}): Promise<FakeApi> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
    return new FakeApi(server);
  }

  get port(): number {
    const address = this.server.address();
    return typeof address === 'object' && address ? address.port : 0;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get linkCount(): number {
    return this.links.clients.size;
  }

  nowMs(): number {
    return Date.now() + this.clockAheadMs;
  }

  /** What the worker should run from now on. Wakes it. */
  assign(...assignments: Assignment[]): void {
    this.assignments = assignments;
    this.revision += 1;
    this.wake();
  }

  wake(): void {
    for (const link of this.links.clients) link.send(JSON.stringify({ type: 'wake' }));
  }

  /** The newest report of a camera. */
  report(cameraId: string): CameraReport | undefined {
    return this.heartbeats.at(-1)?.cameras.find((camera) => camera.cameraId === cameraId);
  }

  /** The headers that open the worker's own server. */
  async signed(request: {
    method: string;
    path: string;
    body?: Uint8Array;
  }): Promise<Record<string, string>> {
    return {
      'x-camfleet-signature': await signRequest({ secret: SECRET, nowMs: this.nowMs(), ...request }),
    };
  }

  /** Ends every connection at once, as a killed process does. */
  async stop(): Promise<void> {
    for (const link of this.links.clients) link.terminate();
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeAllConnections();
    await closed;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const body: unknown = chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString('utf8')) : undefined;
    const path = request.url ?? '';
    const isKnown = request.headers.authorization === `Bearer ${FAKE_API_KEY}`;
    const fault = isKnown ? this.fault(path, body) : { status: 401, code: 'UNAUTHORIZED' };
    const { status, content } = fault
      ? { status: fault.status, content: { error: { code: fault.code, message: 'As the test asked.' } } }
      : this.route(path, body);
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(content === undefined ? '' : JSON.stringify(content));
  }

  private route(path: string, body: unknown): { status: number; content?: unknown } {
    if (path === '/api/workers/register') return { status: 201, content: this.register(body) };
    if (/^\/api\/workers\/[^/]+\/heartbeat$/.test(path))
      return { status: 200, content: this.heartbeat(body) };
    const result = /^\/api\/workers\/[^/]+\/commands\/([^/]+)\/result$/.exec(path);
    if (result?.[1]) {
      this.results.push({ commandId: result[1], ...CommandResultRequest.parse(body) });
      return { status: 204 };
    }
    if (/^\/api\/workers\/[^/]+\/drain$/.test(path)) {
      this.drains += 1;
      return { status: 202 };
    }
    if (path === '/api/events') return { status: 200, content: this.takeEvents(body) };
    return { status: 404, content: { error: { code: 'NOT_FOUND', message: path } } };
  }

  private register(body: unknown) {
    this.registrations.push(RegisterRequest.parse(body));
    const { leaseTtlMs, heartbeatIntervalMs } = this;
    const serverTime = new Date(this.nowMs()).toISOString();
    const workerId = this.registrations.at(-1)?.workerId;
    return {
      workerId,
      secret: SECRET,
      leaseTtlMs,
      heartbeatIntervalMs,
      serverTime,
      apiUrls: [],
      queue: null,
    };
  }

  private heartbeat(body: unknown): HeartbeatAnswer {
    const request = HeartbeatRequest.parse(body);
    this.heartbeats.push(request);
    return {
      state: 'online',
      revision: this.revision,
      serverTime: new Date(this.nowMs()).toISOString(),
      leaseTtlMs: this.leaseTtlMs,
      apiUrls: [],
      ...(request.revision === this.revision ? {} : { assignments: this.assignments }),
      commands: this.commands,
    };
  }

  private takeEvents(body: unknown) {
    const batch = EventBatch.parse(body);
    this.batches.push(batch.events.length);
    let duplicates = 0;
    const rejected: { id: string; code: string }[] = [];
    for (const raw of batch.events) {
      const event = WorkerEvent.parse(raw);
      if (this.rejectEvents.has(event.id)) rejected.push({ id: event.id, code: 'STALE_EPOCH' });
      else if (this.events.some(({ id }) => id === event.id)) duplicates += 1;
      else this.events.push(event);
    }
    return { accepted: batch.events.length - duplicates - rejected.length, duplicates, rejected };
  }
}

/** An assignment with everything at its default. */
export function anAssignment(about: { cameraId: string; url: string } & Partial<Assignment>): Assignment {
  const { url, ...rest } = about;
  return {
    epoch: 1,
    desired: 'running',
    source: { url },
    analysis: {
      faces: { enabled: false, fps: 5 },
      objects: { enabled: false, fps: 5, classes: [] },
      minFaceHeightPx: 0,
      motionGate: false,
      jobs: [],
    },
    zones: [],
    output: { jpegQuality: 75 },
    ...rest,
  };
}
