import { connect } from 'node:net';
import { SIGNATURE_HEADER, signRequest } from '@camfleet/protocol';
import type { Fleet } from '../fleet/fleet';
import { PartScanner, type SeenPart } from './part-scanner';

export interface FeedAddress {
  /** Default: loopback. */
  host?: string;
  port: number;
  path: string;
  headers: Record<string, string>;
}

/** A user's feed, through the API. */
export function apiFeed(
  { api }: { api: { url: string; key: string } },
  cameraId: string,
  query: string,
): FeedAddress {
  const { hostname, port } = new URL(api.url);
  return {
    host: hostname,
    port: Number(port),
    path: `/api/cameras/${cameraId}/stream/feed?${query}`,
    headers: { authorization: `Bearer ${api.key}` },
  };
}

/** The worker's own feed, signed as the API does. Good for half a minute. */
export async function workerFeed({ worker }: Fleet, cameraId: string, query: string): Promise<FeedAddress> {
  const path = `/cameras/${cameraId}/feed?${query}`;
  const signature = await signRequest({ secret: worker.secret, method: 'GET', path, nowMs: Date.now() });
  return { port: Number(new URL(worker.url).port), path, headers: { [SIGNATURE_HEADER]: signature } };
}

/** Opens a feed over a bare socket (HTTP/1.0: nothing is chunked). Disposing ends it. */
export function watchFeed(
  { host = '127.0.0.1', port, path, headers }: FeedAddress,
  onPart: (part: SeenPart) => void,
): Disposable & { ended: Promise<Error | undefined> } {
  const socket = connect({ port, host, noDelay: true });
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`GET ${path} HTTP/1.0\r\nHost: ${host}\r\n${lines.join('')}\r\n`);
  const scanner = new PartScanner(onPart);
  let failure: Error | undefined;
  socket.on('data', (chunk) => {
    try {
      scanner.push(chunk);
    } catch (error) {
      socket.destroy(error instanceof Error ? error : undefined);
    }
  });
  socket.on('error', (error) => (failure = error));
  const ended = new Promise<Error | undefined>((resolve) => socket.once('close', () => resolve(failure)));
  return { ended, [Symbol.dispose]: () => void socket.destroy() };
}

/** Milliseconds from now to the first picture of the camera itself. */
export async function firstPictureMs(address: FeedAddress, timeoutMs = 20_000): Promise<number> {
  const startedAt = performance.now();
  let timer: NodeJS.Timeout | undefined;
  const watching: Disposable[] = [];
  try {
    return await new Promise<number>((resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`No picture within ${timeoutMs} ms.`)), timeoutMs);
      const feed = watchFeed(address, ({ slate }) => {
        if (!slate) resolve(performance.now() - startedAt);
      });
      watching.push(feed);
      void feed.ended.then((failure) => reject(failure ?? new Error('The feed ended.')));
    });
  } finally {
    clearTimeout(timer);
    for (const feed of watching) feed[Symbol.dispose]();
  }
}
