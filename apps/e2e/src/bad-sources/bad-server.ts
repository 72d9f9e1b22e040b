import { type HttpPeer, startHttpPeer } from '@camfleet/testing';
import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PAGE } from './bad-files';

/** A web server on which every address is a different mistake. */
export function startBadServer(folder: string): Promise<HttpPeer> {
  return startHttpPeer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://server');
    switch (pathname) {
      case '/page':
        return void response.writeHead(200, { 'Content-Type': 'text/html' }).end(PAGE);
      case '/sound':
        return void response
          .writeHead(200, { 'Content-Type': 'video/mp4' })
          .end(readFileSync(join(folder, 'sound.mp4')));
      case '/empty':
        return void response.writeHead(200, { 'Content-Type': 'video/mp2t' }).end();
      case '/garbage':
        response.writeHead(200, { 'Content-Type': 'video/mp2t' });
        return endless(response);
      case '/garbage-parts':
        response.writeHead(200, { 'Content-Type': 'multipart/x-mixed-replace; boundary=frame' });
        return endless(response);
      case '/silence':
        return;
      case '/half-silence':
        response.writeHead(200, { 'Content-Type': 'video/mp2t' }).flushHeaders();
        return;
      case '/huge.jpg':
        return void response
          .writeHead(200, { 'Content-Type': 'image/jpeg' })
          .end(readFileSync(join(folder, 'huge.jpg')));
      case '/password':
        return void response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="camera"' }).end();
      default:
        return void response.writeHead(404).end();
    }
  });
}

const NOISE = randomBytes(64 * 1024);

/** For as long as the reader takes it, and not faster. */
function endless(response: ServerResponse): void {
  const more = () => {
    while (!response.destroyed && response.write(NOISE));
  };
  response.on('drain', more);
  more();
}
