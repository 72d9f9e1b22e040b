import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { FAULTS, isFault } from './camera/fault';
import type { CameraStatus } from './camera/camera';

export interface ControlServer {
  url: string;
  close(): Promise<void>;
}

/** What the control port can do with a simulator. */
interface Controlled {
  status(): CameraStatus[];
  camera(path: string): { fault(fault: (typeof FAULTS)[number]): void; status(): CameraStatus };
  goDown(): Promise<void>;
  comeBack(): Promise<void>;
}

/**
 * `GET /cameras`; `PUT /cameras/{path}/fault/{fault}`; `PUT /network/down`, `PUT /network/up`.
 * For people and scripts on this machine: no authentication, so bind it to loopback.
 */
export async function startControlServer(
  simulator: Controlled,
  { host, port }: { host: string; port: number },
): Promise<ControlServer> {
  const server = createServer((request, response) => {
    answer(simulator, { request, response }).catch((error: unknown) => {
      send(response, {
        status: 400,
        body: { error: error instanceof Error ? error.message : String(error) },
      });
    });
  });
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address();
  const boundPort = address !== null && typeof address === 'object' ? address.port : port;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${boundPort}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  simulator: Controlled,
  { request, response }: { request: IncomingMessage; response: ServerResponse },
): Promise<void> {
  const path = decodeURIComponent((request.url ?? '/').replace(/\?.*$/, ''));
  const route = `${request.method} ${path}`;
  if (route === 'GET /cameras') return send(response, { status: 200, body: simulator.status() });
  if (route === 'PUT /network/down' || route === 'PUT /network/up') {
    await (route.endsWith('up') ? simulator.comeBack() : simulator.goDown());
    return send(response, { status: 200, body: simulator.status() });
  }
  const match = /^PUT \/cameras\/(.+)\/fault\/([a-z-]+)$/.exec(route);
  const [, cameraPath, fault] = match ?? [];
  if (cameraPath === undefined || fault === undefined)
    return send(response, { status: 404, body: { error: 'no such call' } });
  if (!isFault(fault)) throw new Error(`The faults are ${FAULTS.join(', ')}.`);
  const camera = simulator.camera(cameraPath);
  camera.fault(fault);
  send(response, { status: 200, body: camera.status() });
}

function send(response: ServerResponse, { status, body }: { status: number; body: unknown }): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify(body)}\n`);
}
