import type { IncomingMessage } from 'node:http';
import { boundaryOf, startsAsJpeg } from '@camfleet/domain';

export type HttpKind =
  | { kind: 'mjpeg'; boundary: string | undefined }
  /** One picture per request. */
  | { kind: 'snapshot' }
  /** MPEG-TS, MP4, FLV, and HLS, whose format FFmpeg must be told: for FFmpeg. */
  | { kind: 'container'; format: 'hls' | undefined }
  /** Nothing with pictures in it. */
  | { kind: 'none'; what: string };

const PEEK_BYTES = 16;

/** The first bytes of the body, which stay in it. */
async function peek(response: IncomingMessage): Promise<Buffer> {
  for (;;) {
    const chunk: unknown = response.read(PEEK_BYTES);
    const head = Buffer.isBuffer(chunk) ? chunk : (response.read() as Buffer | null);
    if (head !== null) {
      response.unshift(head);
      return head;
    }
    if (response.readableEnded || response.destroyed) return Buffer.alloc(0);
    await new Promise<void>((resolve) => {
      const done = () => {
        for (const name of ['readable', 'end', 'close', 'error']) response.off(name, done);
        resolve();
      };
      for (const name of ['readable', 'end', 'close', 'error']) response.once(name, done);
    });
  }
}

function ofBytes(head: Buffer, hasLength: boolean): HttpKind {
  const text = head.toString('latin1').trimStart().toLowerCase();
  if (head.length === 0) return { kind: 'none', what: 'nothing at all' };
  if (startsAsJpeg(head)) return hasLength ? { kind: 'snapshot' } : { kind: 'mjpeg', boundary: undefined };
  if (text.startsWith('<')) return { kind: 'none', what: 'a web page' };
  return { kind: 'container', format: text.startsWith('#extm3u') ? 'hls' : undefined };
}

/** What an HTTP answer holds: by its Content-Type, and by its first bytes where that says nothing certain. */
export async function httpKindOf(response: IncomingMessage): Promise<HttpKind> {
  const type = (response.headers['content-type'] ?? '').toLowerCase();
  const boundary = boundaryOf(response.headers['content-type'] ?? '');
  if (boundary !== undefined || type.startsWith('multipart/')) return { kind: 'mjpeg', boundary };
  if (type.startsWith('image/jpeg') || type.startsWith('image/jpg')) return { kind: 'snapshot' };
  if (type.startsWith('audio/') && !type.includes('mpegurl')) return { kind: 'none', what: 'sound alone' };
  return ofBytes(await peek(response), response.headers['content-length'] !== undefined);
}
