import type { Change } from '@camfleet/database';
import type { LiveMessage } from '@camfleet/protocol';
import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { WebSocket } from 'ws';
import { CamerasService } from '../cameras/cameras.service';
import { API_OPTIONS, type ApiOptions } from '../core/api-options';
import { ChangeFeed } from '../core/change-feed';
import { FaceLibrary, type VisitChange } from '../people/library/face-library';
import { WebSocketRouter } from '../http/websocket-router';
import { VideosService } from '../videos/videos.service';
import { RegistryService } from '../workers/registry.service';
import { EventTail } from './event-tail';
import { LiveReader } from './live-reader';

/** Changes of the same camera or worker within this time are told once. */
const COALESCE_MS = 100;
/** Visits of one change that are told one by one; of more, readers read again what they show. */
const MAX_VISITS_TOLD = 100;
/** Service restart (RFC 6455's registry): the reader comes again, and reads anew what it shows. */
const COME_AGAIN = 1012;

/** `WS /api/live`: events, and cameras and workers as they change. */
@Injectable()
export class LiveGateway implements OnApplicationBootstrap {
  private readonly readers = new Map<LiveReader, string>();
  private readonly sockets = new Set<WebSocket>();
  private readonly pending = new Map<string, Change>();
  /** A round is due, or under way. */
  private telling = false;

  constructor(
    router: WebSocketRouter,
    private readonly tail: EventTail,
    private readonly changes: ChangeFeed,
    private readonly cameras: CamerasService,
    private readonly registry: RegistryService,
    private readonly videos: VideosService,
    private readonly library: FaceLibrary,
    @Inject(API_OPTIONS) private readonly options: ApiOptions,
  ) {
    router.add({
      path: /^\/api\/live$/,
      role: 'viewer',
      connected: (socket, { principal: { tenantId } }) => {
        const onError = (err: unknown) => options.logger.warn({ err }, 'live.failed');
        const reader = new LiveReader({ socket, tenantId, tail: this.tail, onError });
        this.readers.set(reader, tenantId);
        this.sockets.add(socket);
        socket.on('close', () => {
          this.readers.delete(reader);
          this.sockets.delete(socket);
        });
      },
    });
  }

  onApplicationBootstrap(): void {
    this.library.onVisits((changes) => this.tellVisits(changes));
    this.library.onNames((people) => this.refresh(people.map(({ tenantId }) => tenantId)));
    // What changed while it was read anew is known to nobody.
    this.library.onLoaded(() => this.refresh([...this.readers.values()]));
    this.changes.on('change', (change) => {
      if (this.readers.size === 0) return;
      this.pending.set(`${change.kind}:${change.id}`, change);
      this.tellSoon();
    });
    // Changes are told once: one that was missed here would stand wrong on a wall until the next.
    this.changes.on('resync', () => {
      for (const socket of this.sockets) socket.close(COME_AGAIN, 'Changes may have been missed.');
    });
  }

  private tellVisits(changes: readonly VisitChange[]): void {
    if (changes.length > MAX_VISITS_TOLD) return this.refresh(changes.map(({ tenantId }) => tenantId));
    for (const { tenantId, ...visit } of changes)
      for (const [reader, tenant] of this.readers)
        if (tenant === tenantId) reader.tell({ type: 'visit', ...visit });
  }

  private refresh(tenantIds: readonly string[]): void {
    const tenants = new Set(tenantIds);
    for (const [reader, tenant] of this.readers) if (tenants.has(tenant)) reader.refresh();
  }

  private tellSoon(): void {
    if (this.telling) return;
    this.telling = true;
    setTimeout(() => void this.tellAll(), COALESCE_MS);
  }

  /** One round at a time: what was read earlier is never told later. What changes meanwhile is in the next. */
  private async tellAll(): Promise<void> {
    const changes = [...this.pending.values()];
    this.pending.clear();
    const tenantIds = [...new Set(this.readers.values())];
    await Promise.all(
      tenantIds.map((tenantId) =>
        this.tell(tenantId, changes).catch((err: unknown) =>
          this.options.logger.warn({ err }, 'live.change_not_told'),
        ),
      ),
    );
    this.telling = false;
    if (this.pending.size > 0) this.tellSoon();
  }

  private async tell(tenantId: string, changes: readonly Change[]): Promise<void> {
    for (const { kind, id } of changes) {
      const message = await this.messageOf(tenantId, { kind, id });
      for (const [reader, tenant] of this.readers) if (message && tenant === tenantId) reader.tell(message);
    }
  }

  private messageOf(tenantId: string, { kind, id }: Change): Promise<LiveMessage | null> {
    switch (kind) {
      case 'camera':
        return this.cameraMessage(tenantId, id);
      case 'worker':
        return this.workerMessage(tenantId, id);
      case 'video':
        return this.videoMessage(tenantId, id);
    }
  }

  /** As of cameras. */
  private async videoMessage(tenantId: string, videoId: string): Promise<LiveMessage | null> {
    const owner = await this.videos.ownerOf(videoId);
    if (owner !== null && owner !== tenantId) return null;
    const video = owner === null ? null : await this.videos.view(tenantId, videoId).catch(nullWhenMissing);
    return { type: 'video', videoId, video };
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
