import { CamfleetError } from '@camfleet/domain';
import {
  MAX_VIDEO_BYTES,
  Timestamp,
  VIDEO_ANALYSES,
  VideoFileName,
  WantedAnalysesText,
} from '@camfleet/protocol';
import { AssetStore } from '@camfleet/storage';
import type { Multipart, MultipartFile } from '@fastify/multipart';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { ZodType } from 'zod';
import { type AnnouncedVideo, type Announcement, IntakeService } from './intake.service';

const FIELD = 'file';
/** Beside the file: a few short fields. */
const LIMITS = {
  fileSize: MAX_VIDEO_BYTES,
  files: 1,
  fields: 5,
  parts: 6,
  fieldSize: 1_024,
  headerPairs: 20,
};
/** Who sends nothing for so long is gone. */
const SILENCE_MS = 60_000;
/** A form that breaks off is forgotten at once; one whose process was killed, after this. */
const EXPIRES_MS = 6 * 3_600_000;

const FORM_OVERHEAD_BYTES = 16 * 1024;
/** So much of the quota is taken at a time, for bytes that nobody announced. */
const RESERVED_AHEAD_BYTES = 16 * 1024 * 1024;

/** What fields before the file say of it. */
type AboutVideo = Pick<Announcement, 'recordedAt' | 'analyses'>;

/** A whole video in one form: its bytes go to the store as they come. */
@Injectable()
export class FormUploadService {
  constructor(
    private readonly intake: IntakeService,
    private readonly assets: AssetStore,
  ) {}

  /** The id of the video. Throws `VALIDATION_FAILED`, what {@link IntakeService} throws, and leaves nothing then. */
  async receive(tenantId: string, request: FastifyRequest): Promise<string> {
    if (!request.isMultipart())
      throw new CamfleetError('UNSUPPORTED_MEDIA_TYPE', `A video is sent as a form, in the field ${FIELD}.`);
    request.raw.setTimeout(SILENCE_MS, () => request.raw.destroy());
    let video: AnnouncedVideo | undefined;
    try {
      const about: AboutVideo = {};
      for await (const part of request.parts({ limits: LIMITS })) {
        if (part.type === 'file') {
          if (video) throw invalid('One video is taken at a time.');
          video = await this.store(tenantId, part, { request, ...about });
        } else if (part.fieldname === 'recordedAt')
          about.recordedAt = fieldOf(part, Timestamp, 'must be a time (ISO 8601).');
        else if (part.fieldname === 'analyses')
          about.analyses = fieldOf(part, WantedAnalysesText, `must be some of ${VIDEO_ANALYSES.join()}.`);
      }
      if (!video) throw invalid(`The form has no file in the field ${FIELD}.`);
      await this.intake.finish(await this.intake.find(tenantId, video.id));
      return video.id;
    } catch (error) {
      // One that was looked at and refused stays, and says why.
      if (video && !isRefusal(error)) await this.intake.forget(tenantId, video.id);
      throw error instanceof CamfleetError || !isFormError(error) ? error : broken(error);
    }
  }

  private async store(
    tenantId: string,
    part: MultipartFile,
    { request, ...about }: AboutVideo & { request: FastifyRequest },
  ): Promise<AnnouncedVideo> {
    if (part.fieldname !== FIELD) throw invalid(`The video is sent in the field ${FIELD}.`);
    const fileName = VideoFileName.safeParse(part.filename || 'video').data ?? 'video';
    const { mimetype: contentType } = part;
    // The whole form is a little larger than the file: so much of the quota is taken at once, the rest as it comes.
    const sizeBytes = Math.max(0, Number(request.headers['content-length'] ?? 0) - FORM_OVERHEAD_BYTES);
    const upload = { fileName, contentType, sizeBytes, ...about, expiresInMs: EXPIRES_MS };
    const video = await this.intake.announce(tenantId, upload);
    try {
      await this.stream(tenantId, part, { ...video, reservedBytes: sizeBytes });
      return video;
    } catch (error) {
      await this.intake.forget(tenantId, video.id);
      throw error;
    }
  }

  /** No byte is kept that is not counted: several forms at once have one quota. */
  private async stream(
    tenantId: string,
    part: MultipartFile,
    { id, rawKey, contentType, reservedBytes }: AnnouncedVideo & { reservedBytes: number },
  ): Promise<void> {
    const { intake } = this;
    const counted = async function* () {
      let [received, reserved] = [0, reservedBytes];
      for await (const chunk of part.file) {
        received += chunk.length;
        if (received > reserved)
          reserved = await intake.reserve(tenantId, id, {
            atLeast: received,
            atMost: received + RESERVED_AHEAD_BYTES,
          });
        yield chunk;
      }
    };
    const { sizeBytes } = await this.assets.putStream(rawKey, counted(), { contentType });
    if (part.file.truncated)
      throw new CamfleetError('BODY_TOO_LARGE', 'This video is larger than any taken.');
    if (sizeBytes === 0) throw invalid('The file is empty.');
    await intake.reserve(tenantId, id, { atLeast: sizeBytes, atMost: sizeBytes });
  }
}

function fieldOf<Value>(part: Multipart, schema: ZodType<Value>, problem: string): Value {
  const parsed = schema.safeParse('value' in part ? part.value : undefined);
  if (!parsed.success) throw invalid(`${part.fieldname}: ${problem}`);
  return parsed.data;
}

function isRefusal(error: unknown): boolean {
  return (
    error instanceof CamfleetError &&
    typeof error.details === 'object' &&
    error.details !== null &&
    'videoId' in error.details
  );
}

function isFormError(error: unknown): boolean {
  return (
    typeof error === 'object' && error !== null && 'code' in error && String(error.code).startsWith('FST_')
  );
}

function broken(cause: unknown): CamfleetError {
  const isTooLarge =
    typeof cause === 'object' && cause !== null && 'code' in cause && cause.code === 'FST_REQ_FILE_TOO_LARGE';
  return isTooLarge
    ? new CamfleetError('BODY_TOO_LARGE', 'This video is larger than any that is taken.', { cause })
    : new CamfleetError('VALIDATION_FAILED', 'The form cannot be read.', { cause });
}

function invalid(message: string): CamfleetError {
  return new CamfleetError('VALIDATION_FAILED', message);
}
