import type { SocketLike } from './reconnecting-socket';

/** Opens a WebSocket on this page's own origin; the session's cookie goes with it. */
export function openWebSocket(path: string): SocketLike {
  const url = new URL(path, location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return new WebSocket(url) as SocketLike;
}
