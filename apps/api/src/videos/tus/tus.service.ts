import { UploadWritersRepository, VideoIntakeRepository, type VideoRow } from '@camfleet/database';
import { CamfleetError } from '@camfleet/domain';
import { Timestamp, VideoFileName, WantedAnalysesText } from '@camfleet/protocol';
import { AssetStore } from '@camfleet/storage';
import { Inject, Injectable } from '@nestjs/common';
import type { DataStore, Server } from '@tus/server';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { API_OPTIONS, type ApiOptions } from '../../core/api-options';
import { errorBody } from '../../http/error.filter';
import { IntakeService } from '../intake.service';
import { nullWhenMissing, toTusError, tusError } from './tus-errors';
import { UploadLocker } from './upload-lock';
import { openUploadStore, spareKeysOf } from './upload-store';

export const UPLOADS_PATH = '/api/uploads';
/** A request that is to make room for the next one gets this long. */
const DRAIN_MS = 300;

/** What is known of a request before tus sees it. */
interface Asked {
  tenantId: string;
  /** Of the video: all but the first request name it. */
  rawKey?: string;
  /** Made by the first one. */
  videoId?: string;
}

type TusRequest = Parameters<NonNullable<Server['options']['onIncomingRequest']>>[0];

/** tus 1.0 (creation, creation-with-upload, termination), for videos. */
@Injectable()
export class TusService {
  private readonly asked = new WeakMap<object, Asked>();
  private readonly locker: UploadLocker;
  private opened?: Promise<{ server: Server; store: DataStore }>;

  constructor(
    private readonly intake: IntakeService,
    private readonly rows: VideoIntakeRepository,
    private readonly assets: AssetStore,
    writers: UploadWritersRepository,
    @Inject(API_OPTIONS) private readonly options: ApiOptions,
  ) {
    this.locker = new UploadLocker(writers, (err) => options.logger.warn({ err }, 'upload.lock_not_renewed'));
  }

  /** Answers the request itself. */
  async handle(asked: Asked, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { server } = await this.open();
    this.asked.set(request.raw, asked);
    void reply.hijack();
    await server.handle(request.raw, reply.raw);
  }

  /**
   * Where all bytes of an upload are there and nobody has said so (whoever sent the last ones left before the answer, or
   * the program was killed then), it is received now. False: they are not, or it is no upload by tus. Whoever writes it is
   * asked to stop, or, where `signal` is aborted, left alone; throws `UPLOAD_BUSY` then.
   */
  async finishIfWhole(video: VideoRow, signal = new AbortController().signal): Promise<boolean> {
    const { rawKey } = video;
    const { store } = await this.open();
    const lock = this.locker.newLock(rawKey);
    await lock.lock(signal, () => undefined);
    try {
      const upload = await store.getUpload(rawKey).catch(nullWhenMissing);
      if (!upload || upload.offset !== upload.size) {
        await lock.rest();
        return false;
      }
      // The last write puts the parts on S3 together, however little it writes.
      if (!(await this.assets.stat(rawKey))) await store.write(Readable.from([]), rawKey, upload.offset);
    } finally {
      await lock.unlock();
    }
    await this.intake.receive(video, { spareKeys: spareKeysOf(this.options.config, rawKey) });
    return true;
  }

  private open(): Promise<{ server: Server; store: DataStore }> {
    this.opened ??= this.openServer();
    return this.opened;
  }

  private async openServer(): Promise<{ server: Server; store: DataStore }> {
    const { Server } = await import('@tus/server');
    const { config, logger } = this.options;
    /** What the library itself refuses is told as everything: by a stable code. */
    class OurServer extends Server {
      override write(...[context, headers, status, text = '']: Parameters<Server['write']>) {
        if (status < 400) return super.write(context, headers, status, text);
        headers.set('Content-Type', 'application/json; charset=utf-8');
        headers.set('Tus-Version', '1.0.0');
        if (text.startsWith('{')) return super.write(context, headers, status, text);
        const told = tusError(status, text);
        return super.write(context, headers, told.status, JSON.stringify(errorBody(told)));
      }
    }
    const store = await openUploadStore(config, this.rows);
    const server = new OurServer({
      path: UPLOADS_PATH,
      datastore: store,
      locker: this.locker,
      lockDrainTimeout: DRAIN_MS,
      // Browsers upload from the dashboard's own origin.
      allowedOrigins: [],
      relativeLocation: true,
      generateUrl: (request) => `${UPLOADS_PATH}/${this.askedOf(request).videoId ?? ''}`,
      getFileIdFromRequest: (request) => this.askedOf(request).rawKey,
      namingFunction: (request, metadata) => this.announce(request, metadata ?? {}),
      onUploadFinish: async (request, { id: rawKey }) => {
        const { tenantId, videoId = '' } = this.askedOf(request);
        const video = await this.intake.find(tenantId, videoId);
        await this.intake.finish(video, { spareKeys: spareKeysOf(config, rawKey) });
        return {};
      },
      onResponseError: (_request, error) => {
        const told = toTusError(error);
        if (told.code === 'INTERNAL_ERROR') logger.error({ err: error }, 'upload.failed');
        return { status_code: told.status, body: JSON.stringify(errorBody(told)) };
      },
    });
    return { server, store };
  }

  private async announce(request: TusRequest, metadata: Record<string, string | null>): Promise<string> {
    const asked = this.askedOf(request);
    const sizeBytes = Number(request.headers.get('upload-length') ?? 0);
    if (!Number.isSafeInteger(sizeBytes) || sizeBytes < 1)
      throw new CamfleetError(
        'VALIDATION_FAILED',
        'Upload-Length: must be the size of the file, which is not empty.',
      );
    const fileName = VideoFileName.safeParse(metadata.filename ?? metadata.name ?? 'video');
    const recordedAt = Timestamp.optional().safeParse(metadata.recordedAt ?? undefined);
    const analyses = WantedAnalysesText.optional().safeParse(metadata.analyses ?? undefined);
    if (!fileName.success || !recordedAt.success || !analyses.success)
      throw new CamfleetError(
        'VALIDATION_FAILED',
        'Upload-Metadata: filename, recordedAt or analyses is not valid.',
      );
    const video = await this.intake.announce(asked.tenantId, {
      fileName: fileName.data,
      contentType: metadata.filetype ?? metadata.type,
      recordedAt: recordedAt.data,
      analyses: analyses.data,
      sizeBytes,
    });
    asked.videoId = video.id;
    asked.rawKey = video.rawKey;
    return video.rawKey;
  }

  private askedOf(request: TusRequest): Asked {
    const raw = request.runtime?.node?.req;
    const asked = raw && this.asked.get(raw);
    if (!asked) throw new Error('A request came to tus past the guard.');
    return asked;
  }
}
