import { LinkedAbort } from '@camfleet/domain';
import { LinkMessage } from '@camfleet/protocol';
import type { Logger } from '@camfleet/telemetry';
import { WebSocket } from 'ws';
import { BackOff } from '../capture/back-off';
import type { ApiClient } from './api-client';
import { pause } from './pause';

/** A link that nothing was heard on for so long is taken for dead. The server answers pings by itself. */
const PING_INTERVAL_MS = 5_000;
const HANDSHAKE_TIMEOUT_MS = 3_000;

/** The WebSocket to the replica that answers heartbeats, on which the API says "heartbeat now", and whose end tells the API that a worker died. */
export class WakeLink implements AsyncDisposable {
  private readonly stopping = new AbortController();
  private readonly running: Promise<void>;

  constructor(
    private readonly options: { api: ApiClient; workerId: string; logger: Logger; onWake: () => void },
  ) {
    this.running = this.run();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    // When a replica is gone, all of its workers come to the others.
    const backOff = new BackOff({ firstMs: 500, capMs: 5_000 });
    const { signal } = this.stopping;
    while (!signal.aborted) {
      const opened = await this.connectOnce();
      if (opened) backOff.reset();
      await pause(50 + backOff.nextMs(), signal);
    }
  }

  /** Until the connection ends; true when it had been open. */
  private connectOnce(): Promise<boolean> {
    const { api, workerId, logger, onWake } = this.options;
    const { currentUrl } = api;
    const path = `/api/workers/${encodeURIComponent(workerId)}/link`;
    const socket = new WebSocket(currentUrl.replace(/^http/, 'ws') + path, {
      headers: { authorization: api.authorization },
      handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
      maxPayload: 64 * 1024,
    });
    let opened = false;
    let heard = true;
    const timer = setInterval(() => {
      if (!heard) return socket.terminate();
      heard = false;
      if (socket.readyState === WebSocket.OPEN) socket.ping();
    }, PING_INTERVAL_MS);
    const ending = new LinkedAbort([this.stopping.signal, api.whileUsed(currentUrl)]);
    ending.signal.addEventListener('abort', () => socket.terminate());
    socket.on('open', () => {
      opened = true;
      heard = true;
      // What was said while there was no link is in the next answer.
      onWake();
    });
    socket.on('pong', () => (heard = true));
    socket.on('message', (data) => {
      heard = true;
      if (isWake(String(data))) onWake();
    });
    socket.on('error', (error) => logger.debug({ cause: error.message }, 'link.error'));
    return new Promise((resolve) => {
      socket.on('close', () => {
        clearInterval(timer);
        ending[Symbol.dispose]();
        resolve(opened);
      });
    });
  }
}

/** Messages of types that are not known yet are passed over. */
function isWake(text: string): boolean {
  try {
    return LinkMessage.safeParse(JSON.parse(text)).success;
  } catch {
    return false;
  }
}
