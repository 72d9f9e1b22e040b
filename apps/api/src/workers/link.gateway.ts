import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { WebSocket } from 'ws';
import { API_OPTIONS, type ApiOptions } from '../core/api-options';
import { ChangeFeed } from '../core/change-feed';
import { tenantOfWorkers } from '../auth/principal';
import { WebSocketRouter } from '../http/websocket-router';
import { LivenessService } from './liveness.service';
import { WorkerLookup } from './worker-lookup';

/** Wakes that no change asks for are spread over this time. */
const RESYNC_SPREAD_MS = 1_000;
const WAKE = JSON.stringify({ type: 'wake' });

/** A worker's link: wakes it when something changed for it, and shows at once when its process is gone. */
@Injectable()
export class LinkGateway implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly links = new Map<string, WebSocket>();
  private stopping = false;

  constructor(
    router: WebSocketRouter,
    private readonly changes: ChangeFeed,
    private readonly lookup: WorkerLookup,
    private readonly liveness: LivenessService,
    @Inject(API_OPTIONS) private readonly options: ApiOptions,
  ) {
    router.add({
      path: /^\/api\/workers\/(?<id>[^/]+)\/link$/,
      role: 'worker',
      connected: (socket, { params, principal }) =>
        void this.connected(socket, { workerId: params.id ?? '', tenantId: tenantOfWorkers(principal) }),
    });
  }

  onApplicationBootstrap(): void {
    this.changes.on('change', ({ kind, id }) => {
      if (kind === 'worker') this.links.get(id)?.send(WAKE);
    });
    // Everybody at once would be a herd of the API's own making.
    this.changes.on('resync', () => {
      for (const [workerId, link] of this.links)
        setTimeout(() => {
          if (this.links.get(workerId) === link) link.send(WAKE);
        }, Math.random() * RESYNC_SPREAD_MS).unref();
    });
  }

  onApplicationShutdown(): void {
    this.stopping = true;
  }

  private async connected(
    socket: WebSocket,
    { workerId, tenantId }: { workerId: string; tenantId: string | null },
  ): Promise<void> {
    // Which instance holds this link is settled now: by the time it closes another may have registered.
    const known = this.lookup.find(workerId);
    socket.on('close', () => {
      if (this.links.get(workerId) === socket) this.links.delete(workerId);
      if (this.stopping) return;
      known
        .then((row) => row && this.liveness.linkClosed(row))
        .catch((err: unknown) => this.options.logger.warn({ err, workerId }, 'link.check_failed'));
    });
    const row = await known.catch(() => null);
    if (!row || (tenantId !== null && row.tenantId !== tenantId)) {
      socket.close(4404, 'This worker is not registered.');
      return;
    }
    if (socket.readyState !== socket.OPEN) return;
    this.links.get(workerId)?.close(4409, 'A newer link of this worker has opened.');
    this.links.set(workerId, socket);
    socket.send(WAKE);
  }
}
