import type { FastifyInstance } from 'fastify';

/** Mantine writes style tags; pictures of cameras come as blobs and data URLs. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** What every answer tells a browser not to do with it. The page of the API's documentation draws itself by scripts in it. */
export function addSecurityHeaders(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', async (request, reply) => {
    reply.headers({
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'same-origin',
      'X-Frame-Options': 'DENY',
    });
    if (!request.url.startsWith('/api/docs'))
      reply.header('Content-Security-Policy', CONTENT_SECURITY_POLICY);
  });
}
