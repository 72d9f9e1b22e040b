import multipart from '@fastify/multipart';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import 'reflect-metadata';
import { AppModule } from './app.module';
import { UsersService } from './auth/users.service';
import type { ApiOptions } from './core/api-options';
import { NestLogger } from './core/nest-logger';
import { PHOTO_LIMITS } from './people/enrolment/photo-upload';
import { serveDashboard } from './http/dashboard-files';
import { serveOpenApi } from './http/open-api';
import { errorBody, toCamfleetError } from './http/error.filter';
import { limitBodies } from './http/body-limits';
import { addSecurityHeaders } from './http/security-headers';
import { WebSocketRouter } from './http/websocket-router';

/** Requests under way get this long when the API stops. */
const CLOSE_TIMEOUT_MS = 2_000;

export interface RunningApi {
  port: number;
  /** Makes the first admin when nobody can log in yet; answers whether it did. */
  createFirstAdmin(username: string, password: string): Promise<boolean>;
  stop(): Promise<void>;
}

/** Starts one API replica on a database that is migrated. Rejects with the system's error when the port is taken. */
export async function startApi(options: ApiOptions): Promise<RunningApi> {
  const adapter = new FastifyAdapter({
    bodyLimit: LARGEST_BODY_BYTES,
    trustProxy: options.config.trustedProxies ?? false,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: LONGEST_PARAMETER },
    // A path that cannot even be decoded names nothing.
    frameworkErrors: (error: Error, _request: FastifyRequest, reply: FastifyReply) => {
      const known = toCamfleetError(error);
      void reply.status(known.status).send(errorBody(known));
    },
    // The paths of an older system, which had no `/api`.
    rewriteUrl: ({ url = '/' }) =>
      /^\/(cameras\/[^/]+\/stream\/|streaming\/debug)/.test(url) ? `/api${url}` : url,
  });
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.with(options), adapter, {
    logger: new NestLogger(options.logger),
    abortOnError: false,
    // Fastify's own JSON parser is all that is needed; forms are refused.
    bodyParser: false,
  });
  limitBodies(adapter.getInstance());
  await app.register(multipart, PHOTO_LIMITS);
  addSecurityHeaders(adapter.getInstance(), options.config);
  serveOpenApi(app);
  await serveDashboard(app, options.dashboardDirectory);
  const sockets = app.get(WebSocketRouter);
  sockets.attach(app.getHttpServer());
  try {
    await app.listen(options.config.port, '0.0.0.0');
  } catch (error) {
    await app.close().catch(() => undefined);
    throw error;
  }
  const address = app.getHttpServer().address();
  return {
    port: typeof address === 'object' && address ? address.port : options.config.port,
    createFirstAdmin: (username, password) => app.get(UsersService).createFirstAdmin(username, password),
    stop: async () => {
      sockets.close();
      await Promise.race([
        app.close(),
        new Promise((resolve) => setTimeout(resolve, CLOSE_TIMEOUT_MS).unref()),
      ]);
    },
  };
}

/** Of a path, in characters: the longest id, each of its characters percent-encoded. Fastify's own limit is 100. */
const LONGEST_PARAMETER = 2_000;

/** A batch of events; other bodies are held to less by `limitBodies`. */
const LARGEST_BODY_BYTES = 16 * 1024 * 1024;
