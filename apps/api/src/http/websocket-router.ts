import { CamfleetError, type Role } from '@camfleet/domain';
import { isStorable } from '@camfleet/protocol';
import { Inject, Injectable } from '@nestjs/common';
import { type IncomingMessage, STATUS_CODES, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { Authenticator } from '../auth/authenticator';
import { OpenStreams } from '../auth/open-streams';
import { type Principal, demand } from '../auth/principal';
import { API_OPTIONS, type ApiOptions } from '../core/api-options';
import { errorBody, toCamfleetError } from './error.filter';

export interface WebSocketRoute {
  /** Matched against the whole path; named groups become `params`. */
  path: RegExp;
  role: Role;
  connected(
    socket: WebSocket,
    context: { principal: Principal; params: Record<string, string>; url: URL },
  ): void;
}

/** Text that a client may send in one message. */
const MAX_MESSAGE_BYTES = 256 * 1024;
/** A connection that answers no ping for this long is closed. */
const PING_INTERVAL_MS = 15_000;
const CLOSE_MS = 500;
/** Policy violation (RFC 6455, 7.4.1). */
const ACCESS_ENDED = 1008;

/**
 * The WebSockets of the API. Who asks is settled before the upgrade, so that a refusal is an HTTP status;
 * Nest's gateways know fixed paths only and settle it after.
 */
@Injectable()
export class WebSocketRouter {
  private readonly server = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES });
  private readonly routes: WebSocketRoute[] = [];
  private readonly alive = new WeakSet<WebSocket>();
  private pings?: NodeJS.Timeout;
  private closed = false;

  constructor(
    private readonly authenticator: Authenticator,
    private readonly openStreams: OpenStreams,
    @Inject(API_OPTIONS) private readonly options: ApiOptions,
  ) {}

  add(route: WebSocketRoute): void {
    this.routes.push(route);
  }

  attach(http: Server): void {
    http.on('upgrade', (request, socket, head) => {
      socket.on('error', () => socket.destroy());
      this.upgrade(request, socket, head).catch((error: unknown) => refuse(socket, error));
    });
    this.pings = setInterval(() => this.pingAll(), PING_INTERVAL_MS);
  }

  /** For good: what asks from now on, or is still being let in, is refused. */
  close(): void {
    this.closed = true;
    clearInterval(this.pings);
    for (const socket of this.server.clients) closeSoon(socket, { code: 1001, reason: 'The server stops.' });
  }

  private async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const { route, url, params } = this.routeOf(request.url ?? '/');
    refuseForeignOrigin(request);
    const principal = await this.authenticator.authenticate(request.headers);
    if (!principal) throw new CamfleetError('UNAUTHORIZED', 'Log in, or send an API key.');
    demand(principal, route.role);
    if (this.closed) return void socket.destroy();
    this.server.handleUpgrade(request, socket, head, (accepted) => {
      this.alive.add(accepted);
      accepted.on('pong', () => this.alive.add(accepted));
      const release = this.openStreams.hold(principal, () =>
        closeSoon(accepted, { code: ACCESS_ENDED, reason: 'Your access has ended.' }),
      );
      accepted.on('close', release);
      accepted.on('error', (err) => this.options.logger.debug({ err }, 'websocket.failed'));
      route.connected(accepted, { principal, params, url });
    });
  }

  /** Throws `NOT_FOUND` for what names no WebSocket, be it only because it cannot be read. */
  private routeOf(path: string): { route: WebSocketRoute; url: URL; params: Record<string, string> } {
    // Not with a base alone: `//x` would name a host.
    const address = `http://localhost${path}`;
    const url = URL.canParse(address) ? new URL(address) : undefined;
    const route = this.routes.find((each) => url && each.path.test(url.pathname));
    const params = url && route && readParams(route.path, url.pathname);
    if (!params) throw new CamfleetError('NOT_FOUND', 'There is no such WebSocket.');
    return { route, url, params };
  }

  private pingAll(): void {
    for (const socket of this.server.clients) {
      if (!this.alive.delete(socket)) socket.terminate();
      else socket.ping();
    }
  }
}

/** Undefined: an id of them could not even be stored. */
function readParams(pattern: RegExp, path: string): Record<string, string> | undefined {
  try {
    const encoded = Object.entries(pattern.exec(path)?.groups ?? {});
    const params = Object.fromEntries(encoded.map(([name, value]) => [name, decodeURIComponent(value)]));
    return isStorable(params) ? params : undefined;
  } catch {
    return undefined;
  }
}

/** One that does not answer the close is not waited for. */
function closeSoon(socket: WebSocket, { code, reason }: { code: number; reason: string }): void {
  socket.close(code, reason);
  setTimeout(() => socket.terminate(), CLOSE_MS).unref();
}

/** A page of another site may open a WebSocket with the user's cookie: browsers say where it comes from. */
function refuseForeignOrigin(request: IncomingMessage): void {
  const { origin, host } = request.headers;
  if (!origin || request.headers.authorization) return;
  if (!URL.canParse(origin) || new URL(origin).host !== host)
    throw new CamfleetError('FORBIDDEN', 'This page belongs to another site.');
}

function refuse(socket: Duplex, exception: unknown): void {
  const error = toCamfleetError(exception);
  const body = JSON.stringify(errorBody(error));
  socket.end(
    `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status] ?? ''}\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
