import fastifyStatic from '@fastify/static';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Routes of the API: what is missing there is an error, and never the dashboard's page. */
const API_PATH = /^\/(api|healthz|readyz|metrics)(\/|\?|$)/;

/** Serves the built dashboard; a path that is no file is one of its pages. */
export async function serveDashboard(
  app: NestFastifyApplication,
  directory: string | undefined,
): Promise<void> {
  const root = directory && existsSync(join(directory, 'index.html')) ? directory : undefined;
  const fastify = app.getHttpAdapter().getInstance();
  if (root) {
    await fastify.register(fastifyStatic, {
      root,
      wildcard: false,
      index: false,
      setHeaders: (reply, path) => {
        const hashed = path.includes('/assets/');
        void reply.header('Cache-Control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
      },
    });
  }
  fastify.get('/*', (request, reply) => {
    if (!root || API_PATH.test(request.url)) {
      return reply
        .status(404)
        .send({ error: { code: 'NOT_FOUND', message: `There is nothing at ${request.url.split('?')[0]}.` } });
    }
    return reply.type('text/html').header('Cache-Control', 'no-cache').sendFile('index.html', root);
  });
}
