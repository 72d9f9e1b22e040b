import type { ApiConfig, S3Config } from '@camfleet/config';
import type { FastifyInstance } from 'fastify';

/** Mantine writes style tags; pictures of cameras come as blobs and data URLs; files by signed URLs, of S3 where it is used. */
function contentSecurityPolicy(files: string): string {
  return [
    "default-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    `img-src 'self' data: blob: ${files}`,
    `media-src 'self' blob: ${files}`,
    `connect-src 'self' ${files}`,
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ]
    .map((rule) => rule.trim())
    .join('; ');
}

/** What every answer tells a browser not to do with it. The page of the API's documentation draws itself by scripts in it. */
export function addSecurityHeaders(fastify: FastifyInstance, { s3 }: Pick<ApiConfig, 's3'>): void {
  const policy = contentSecurityPolicy(s3 ? originOf(s3) : '');
  fastify.addHook('onRequest', async (request, reply) => {
    reply.headers({
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'same-origin',
      'X-Frame-Options': 'DENY',
    });
    if (!request.url.startsWith('/api/docs')) reply.header('Content-Security-Policy', policy);
  });
}

/** Where browsers find the bucket's files. */
function originOf({ endpoint, bucket, region }: S3Config): string {
  return endpoint ? new URL(endpoint).origin : `https://${bucket}.s3.${region}.amazonaws.com`;
}
