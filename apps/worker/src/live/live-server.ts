import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import { CamfleetError } from '@camfleet/domain';
import { SIGNATURE_HEADER, verifyRequest } from '@camfleet/protocol';
import type { Logger } from '@camfleet/telemetry';
import { readBody, sendError, sendJson, toCamfleetError } from './http-answer';

/** A photo to embed; questions are far smaller. */
const MAX_BODY_BYTES = 16 * 1024 * 1024;

export interface LiveRequest {
  method: string;
  url: URL;
  /** What the route's pattern captured. */
  params: Record<string, string>;
  body: Buffer;
  response: ServerResponse;
}

export interface Route {
  method: 'GET' | 'POST';
  pattern: RegExp;
  /** False: open to everyone who can connect. */
  signed: boolean;
  /** Answers, or throws. */
  handle: (request: LiveRequest) => Promise<void> | void;
}

export interface LiveServerOptions {
  port: number;
  routes: readonly Route[];
  /** The secret that registration gave and the fleet's time; undefined before it. */
  credentials: () => { secret: string; nowMs: number } | undefined;
  logger: Logger;
}

/** The worker's own HTTP server. Everything that shows pictures or does work is signed by the API. */
export class LiveServer {
  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  /** Rejects when the port is taken. */
  static async start(options: LiveServerOptions): Promise<LiveServer> {
    const server = createServer((request, response) => {
      answer(options, { request, response }).catch((error: unknown) => {
        const told = toCamfleetError(error);
        if (told.code === 'INTERNAL_ERROR') options.logger.error({ err: error }, 'live.request-failed');
        sendError(response, told);
      });
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(options.port, resolve);
    });
    const address = server.address();
    return new LiveServer(server, typeof address === 'object' && address ? address.port : options.port);
  }

  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeAllConnections();
    await closed;
  }
}

async function answer(
  { routes, credentials }: LiveServerOptions,
  { request, response }: { request: IncomingMessage; response: ServerResponse },
): Promise<void> {
  const method = request.method ?? 'GET';
  const path = request.url ?? '/';
  const url = new URL(path, 'http://worker');
  const route = routes.find((candidate) => candidate.pattern.test(url.pathname));
  if (!route) throw new CamfleetError('NOT_FOUND', 'There is nothing here.');
  if (route.method !== method) {
    return sendJson(response, 405, { error: { code: 'NOT_FOUND', message: `Use ${route.method}.` } });
  }
  const body = await readBody(request, MAX_BODY_BYTES);
  if (route.signed) {
    const known = credentials();
    const header = request.headers[SIGNATURE_HEADER]?.toString();
    const isSigned = known !== undefined && (await verifyRequest({ ...known, method, path, body, header }));
    if (!isSigned) throw new CamfleetError('UNAUTHORIZED', 'The request bears no valid signature.');
  }
  // A client that left meanwhile has had its `close`: whatever waits for it now would wait for ever.
  if (response.destroyed) return;
  const captured = route.pattern.exec(url.pathname)?.groups ?? {};
  const params = Object.fromEntries(
    Object.entries(captured).map(([name, value]) => [name, decodeURIComponent(value)]),
  );
  await route.handle({ method, url, params, body, response });
}
