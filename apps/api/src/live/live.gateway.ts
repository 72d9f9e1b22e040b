import type { Change } from '@camfleet/database';
import type { LiveMessage } from '@camfleet/protocol';
import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { CamerasService } from '../cameras/cameras.service';
import { API_OPTIONS, type ApiOptions } from '../core/api-options';
import { ChangeFeed } from '../core/change-feed';
import { WebSocketRouter } from '../http/websocket-router';
import { RegistryService } from '../workers/registry.service';
import { EventTail } from './event-tail';
import { LiveReader } from './live-reader';

/** Changes of the same camera or worker within this time are told once. */
const COALESCE_MS = 100;

/** `WS /api/live`: events, and cameras and workers as they change. */
@Injectable()
export class LiveGateway implements OnApplicationBootstrap {
  private readonly readers = new Map<LiveReader, string>();
  private readonly pending = new Map<string, Change>();
  private timer?: NodeJS.Timeout;

  constructor(
    router: WebSocketRouter,
    private readonly tail: EventTail,
    private readonly changes: ChangeFeed,
    private readonly cameras: CamerasService,
    private readonly registry: RegistryService,
    @Inject(API_OPTIONS) private readonly options: ApiOptions,
  ) {
    router.add({
      path: /^\/api\/live$/,
      role: 'viewer',
      connected: (socket, { principal: { tenantId } }) => {
        const onError = (err: unknown) => options.logger.warn({ err }, 'live.failed');
        const reader = new LiveReader({ socket, tenantId, tail: this.tail, onError });
        this.readers.set(reader, tenantId);
        socket.on('close', () => this.readers.delete(reader));
      },
    });
  }

  onApplicationBootstrap(): void {
    this.changes.on('change', (change) => {
      if (this.readers.size === 0) return;
      this.pending.set(`${change.kind}:${change.id}`, change);
      this.timer ??= setTimeout(() => this.tellAll(), COALESCE_MS);
    });
  }

  private tellAll(): void {
    this.timer = undefined;
    const changes = [...this.pending.values()];
    this.pending.clear();
    for (const tenantId of new Set(this.readers.values())) {
      this.tell(tenantId, changes).catch((err: unknown) =>
        this.options.logger.warn({ err }, 'live.change_not_told'),
      );
    }
  }

  private async tell(tenantId: string, changes: readonly Change[]): Promise<void> {
    for (const { kind, id } of changes) {
      const message =
        kind === 'camera' ? await this.cameraMessage(tenantId, id) : await this.workerMessage(tenantId, id);
      for (const [reader, tenant] of this.readers) if (message && tenant === tenantId) reader.tell(message);
    }
  }

  /** `null` for another tenant's camera. One that is nobody's (any more) was deleted. */
  private async cameraMessage(tenantId: string, cameraId: string): Promise<LiveMessage | null> {
    const owner = await this.cameras.ownerOf(cameraId);
    if (owner !== null && owner !== tenantId) return null;
    const camera = owner === null ? null : await this.cameras.view(tenantId, cameraId).catch(nullWhenMissing);
    return { type: 'camera', cameraId, camera };
  }

  private async workerMessage(tenantId: string, workerId: string): Promise<LiveMessage | null> {
    const owner = await this.registry.ownerOf(workerId);
    if (owner !== tenantId) return null;
    const worker = await this.registry.view(tenantId, workerId).catch(nullWhenMissing);
    return { type: 'worker', workerId, worker };
  }
}

function nullWhenMissing(error: unknown): null {
  if (error instanceof Error && 'status' in error && error.status === 404) return null;
  throw error;
}
