import { hostname } from 'node:os';

/** Where others reach this process when nobody said: `http://<host>:<port>`. */
export function advertisedUrl(port: number): string {
  return `http://${hostname()}:${port}`;
}
