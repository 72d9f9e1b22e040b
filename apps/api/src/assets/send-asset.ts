import { CamfleetError } from '@camfleet/domain';
import type { AssetStore } from '@camfleet/storage';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { parseRange } from './byte-range';

export interface SentAsset {
  key: string;
  contentType: string;
  /** Undefined: shown where it is opened. */
  fileName?: string | undefined;
}

/** Answers with a file, or the range of it that is asked for, as it is read. Throws `ASSET_NOT_FOUND`, `RANGE_NOT_SATISFIABLE`. */
export async function sendAsset(
  store: AssetStore,
  { key, contentType, fileName }: SentAsset,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
): Promise<void> {
  const found = await store.stat(key);
  if (!found) throw new CamfleetError('ASSET_NOT_FOUND', 'This file is not there (any more).');
  const { sizeBytes, modifiedAt } = found;
  const range = parseRange(request.headers.range, sizeBytes);
  if (range === null) {
    void reply.header('Content-Range', `bytes */${sizeBytes}`);
    throw new CamfleetError('RANGE_NOT_SATISFIABLE', `The file has ${sizeBytes} bytes.`);
  }
  const { start, end } = range ?? { start: 0, end: sizeBytes - 1 };
  const opened =
    request.method === 'HEAD' || sizeBytes === 0 ? undefined : await store.open(key, { start, end });
  if (opened === null) throw new CamfleetError('ASSET_NOT_FOUND', 'This file is not there (any more).');
  void reply.headers({
    'Content-Type': contentType,
    'Accept-Ranges': 'bytes',
    'Cache-Control': 'private, max-age=3600',
    'Last-Modified': modifiedAt.toUTCString(),
    // What somebody uploaded is never a page of ours.
    'Content-Security-Policy': "default-src 'none'; media-src 'self'; style-src 'unsafe-inline'; sandbox",
    ...(fileName !== undefined && {
      'Content-Disposition': `attachment; filename*=UTF-8''${encodeURIComponent(fileName)}`,
    }),
  });
  void reply.header('Content-Length', String(end - start + 1));
  if (range) void reply.status(206).header('Content-Range', `bytes ${start}-${end}/${sizeBytes}`);
  if (!opened) {
    // Fastify would say that nothing is nothing long.
    void reply.hijack();
    for (const [name, value] of Object.entries(reply.getHeaders()))
      if (value !== undefined) reply.raw.setHeader(name, value);
    reply.raw.writeHead(reply.statusCode).end();
    return;
  }
  const { body } = opened;
  // A viewer that leaves reads no further.
  reply.raw.once('close', () => body.destroy());
  await reply.send(body);
}

/** Where this caller sees the API: in front of URLs that it is given. */
export function originOf(request: FastifyRequest): string {
  return `${request.protocol}://${request.host}`;
}
