import fastifyStatic from '@fastify/static';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { existsSync } from 'node:fs';
import { extname, join } from 'node:path';

/** Routes of the API: what is missing there is an error, and never the dashboard's page. */
const API_PATH = /^\/(api|healthz|readyz|metrics|video)(\/|$)/;

/** Serves the built dashboard. A path that names no file is one of its pages. */
export async function serveDashboard(
  app: NestFastifyApplication,
  directory: string | undefined,
): Promise<void> {
  const root = directory && existsSync(join(directory, 'index.html')) ? directory : undefined;
  const fastify = app.getHttpAdapter().getInstance();
  if (root) await fastify.register(fastifyStatic, { root, serve: false, cacheControl: false });
  fastify.get('/*', (request, reply) => {
    const path = decodeURI(request.url.split('?')[0] ?? '/');
    if (!root || API_PATH.test(path)) {
      const message = `There is nothing at ${path}.`;
      return reply.status(404).send({ error: { code: 'NOT_FOUND', message } });
    }
    const isFile = extname(path) !== '';
    // The names of built assets hold their content's hash; the page that names them must be asked for anew.
    const hashed = path.startsWith('/assets/');
    reply.header('Cache-Control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
    return reply.sendFile(isFile ? path : 'index.html');
  });
}
