import { CamfleetError } from '@camfleet/domain';
import {
  type CameraRow,
  type CameraSettings,
  CamerasRepository,
  PlacementRepository,
} from '@camfleet/database';
import {
  Analysis,
  type Camera,
  type CreateCameraRequest,
  Output,
  type Page,
  type PageQuery,
  type ProbeRequest,
  ProbeResult,
  type SourceInput,
  type UpdateCameraRequest,
} from '@camfleet/protocol';
import { Injectable } from '@nestjs/common';
import { CommandsService } from '../commands/commands.service';
import { SecretBox } from '../core/secret-box';
import { LastPictures } from '../live/last-pictures';
import { WorkerClient } from '../workers/worker-client';
import { toView } from './camera-view';
import { ObjectClasses } from './object-classes.service';
import { maskQuerySecrets, splitCredentials } from './source-credentials';
import { StreamStatuses } from './stream-statuses';

/** Cameras as their owners register them. */
@Injectable()
export class CamerasService {
  constructor(
    private readonly cameras: CamerasRepository,
    private readonly placement: PlacementRepository,
    private readonly commands: CommandsService,
    private readonly secrets: SecretBox,
    private readonly statuses: StreamStatuses,
    private readonly worker: WorkerClient,
    private readonly lastPictures: LastPictures,
    private readonly objectClasses: ObjectClasses,
  ) {}

  async create(tenantId: string, request: CreateCameraRequest): Promise<Camera> {
    const { source, ...settings } = request;
    await this.objectClasses.check(tenantId, settings.analysis);
    const row = await this.cameras.create(tenantId, {
      labels: {},
      require: {},
      prefer: {},
      priority: 50,
      analysis: Analysis.parse({}),
      zones: [],
      output: Output.parse({}),
      ...settings,
      ...this.toSourceColumns(source),
    });
    return this.toCamera(row);
  }

  async list(tenantId: string, page: PageQuery): Promise<Page<Camera>> {
    const { items, nextCursor } = await this.cameras.list(tenantId, page);
    const streams = await this.statuses.of(items);
    return {
      items: items.flatMap((row) => {
        const stream = streams.get(row.id);
        return stream ? [toView(row, stream)] : [];
      }),
      nextCursor,
    };
  }

  async view(tenantId: string, id: string): Promise<Camera> {
    return this.toCamera(await this.existing(tenantId, id));
  }

  async update(tenantId: string, id: string, request: UpdateCameraRequest): Promise<Camera> {
    const before = await this.existing(tenantId, id);
    const { source, ...settings } = request;
    await this.objectClasses.check(tenantId, settings.analysis);
    const row = await this.cameras.update(tenantId, id, {
      ...settings,
      ...(source && this.mergeSource(before, source)),
    });
    if (!row) throw cameraNotFound();
    await this.commands.publish(await this.placement.announceSettings(id));
    return this.toCamera(row);
  }

  async delete(tenantId: string, id: string): Promise<void> {
    await this.existing(tenantId, id);
    await this.commands.publish(await this.placement.deleteCamera(tenantId, id));
    await this.lastPictures.forget(id);
  }

  /** Opens the source on a worker, once, and shows what comes. */
  async probe(tenantId: string, { source, cameraId }: ProbeRequest): Promise<ProbeResult> {
    const stored = cameraId === undefined ? undefined : await this.existing(tenantId, cameraId);
    const url = stored ? this.realUrl(stored, source.url) : source.url;
    const split = splitCredentials({ ...source, url });
    const password = split.password ?? (stored && this.storedPassword(stored, split.url));
    return this.worker.askAny(tenantId, {
      path: '/probe',
      body: { source: { ...source, ...split, password } },
      answer: ProbeResult,
    });
  }

  /** The tenant of a camera, or `null` when there is none of this id. */
  async ownerOf(id: string): Promise<string | null> {
    return (await this.cameras.findAny(id))?.tenantId ?? null;
  }

  /** Throws `CAMERA_NOT_FOUND`, also for another tenant's camera. */
  async existing(tenantId: string, id: string): Promise<CameraRow> {
    const row = await this.cameras.find(tenantId, id);
    if (!row) throw cameraNotFound();
    return row;
  }

  async toCamera(row: CameraRow): Promise<Camera> {
    return toView(row, await this.statuses.ofOne(row));
  }

  private toSourceColumns(source: SourceInput): SourceColumns {
    const { url, username, password } = splitCredentials(source);
    const { transport, exclusive, loop, maxFrames } = source;
    const shown = maskQuerySecrets(url);
    return {
      sourceUrl: shown,
      sourceSealedUrl: shown === url ? null : this.secrets.seal(url),
      sourceUsername: username ?? null,
      sourcePassword: password === undefined ? null : this.secrets.seal(password),
      sourceOptions: { transport, exclusive, loop, maxFrames },
    };
  }

  /**
   * What is left out stays, `null` clears. Credentials in a new URL are new credentials. A stored password is kept
   * only for the host it was given for.
   */
  private mergeSource(before: CameraRow, change: SourceChange): SourceColumns {
    const { username, password, url = before.sourceUrl, ...options } = withoutNulls(change);
    const split = splitCredentials({ url: this.realUrl(before, url), username, password });
    const kept = {
      username: change.username === null ? undefined : (before.sourceUsername ?? undefined),
      password: change.password === null ? undefined : this.storedPassword(before, split.url),
    };
    return this.toSourceColumns({
      ...withoutNulls({ ...(before.sourceOptions as SourceChange), ...nullsOf(change) }),
      ...options,
      url: split.url,
      username: split.username ?? kept.username,
      password: split.password ?? kept.password,
    });
  }

  /** The stored URL with its secrets, where a client hands back what it was shown. */
  private realUrl({ sourceUrl, sourceSealedUrl }: CameraRow, url: string): string {
    return sourceSealedUrl !== null && url === sourceUrl ? this.secrets.open(sourceSealedUrl) : url;
  }

  /** A stored password must not be sent to a machine of someone else's choosing. */
  private storedPassword({ sourcePassword, sourceUrl }: CameraRow, url: string): string | undefined {
    return sourcePassword !== null && sameHost(url, sourceUrl)
      ? this.secrets.open(sourcePassword)
      : undefined;
  }
}

type SourceColumns = Pick<
  CameraSettings,
  'sourceUrl' | 'sourceSealedUrl' | 'sourceUsername' | 'sourcePassword' | 'sourceOptions'
>;

type SourceChange = NonNullable<UpdateCameraRequest['source']>;

/** The change without the fields that it clears. */
function withoutNulls(change: SourceChange): Partial<SourceInput> {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== null));
}

/** The fields that a change clears. */
function nullsOf(change: SourceChange): SourceChange {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value === null));
}

function sameHost(a: string, b: string): boolean {
  return URL.canParse(a) && URL.canParse(b) && new URL(a).host === new URL(b).host;
}

export function cameraNotFound(): CamfleetError {
  return new CamfleetError('CAMERA_NOT_FOUND', 'There is no such camera.');
}
