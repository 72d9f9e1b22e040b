import { UploadWritersRepository, VideoIntakeRepository } from '@camfleet/database';
import { CamfleetError } from '@camfleet/domain';
import { Timestamp, VideoFileName, WantedAnalysesText } from '@camfleet/protocol';
import { Inject, Injectable } from '@nestjs/common';
import type { Server } from '@tus/server';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { API_OPTIONS, type ApiOptions } from '../../core/api-options';
import { errorBody, toCamfleetError } from '../../http/error.filter';
import { IntakeService } from '../intake.service';
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
  private server?: Promise<Server>;

  constructor(
    private readonly intake: IntakeService,
    private readonly rows: VideoIntakeRepository,
    private readonly writers: UploadWritersRepository,
    @Inject(API_OPTIONS) private readonly options: ApiOptions,
  ) {}

  /** Answers the request itself. */
  async handle(asked: Asked, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    this.server ??= this.open();
    const server = await this.server;
    this.asked.set(request.raw, asked);
    void reply.hijack();
    await server.handle(request.raw, reply.raw);
  }

  private async open(): Promise<Server> {
    const { Server } = await import('@tus/server');
    const { config, logger } = this.options;
    return new Server({
      path: UPLOADS_PATH,
      datastore: await openUploadStore(config, this.rows),
      locker: new UploadLocker(this.writers, (err) => logger.warn({ err }, 'upload.lock_not_renewed')),
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
        // What the library itself refuses is its protocol's; ours are told as everywhere.
        if (!(error instanceof Error)) return undefined;
        const told = toCamfleetError(error);
        if (told.code === 'INTERNAL_ERROR') logger.error({ err: error }, 'upload.failed');
        return { status_code: told.status, body: JSON.stringify(errorBody(told)) };
      },
    });
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
