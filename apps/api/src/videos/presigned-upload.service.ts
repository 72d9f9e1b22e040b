import { CamfleetError } from '@camfleet/domain';
import { incomingKeyOf } from '@camfleet/database';
import type { PresignAnswer, PresignRequest } from '@camfleet/protocol';
import { AssetStore } from '@camfleet/storage';
import { Injectable } from '@nestjs/common';
import { FleetClock } from '../core/fleet-clock';
import { IntakeService } from './intake.service';

const URL_SECONDS = 6 * 3_600;
/** The URL is over by then, and whoever had it has told that it is done. */
const EXPIRES_MS = 7 * 3_600_000;
/** What S3 takes by one PUT. */
const MAX_PUT_BYTES = 5 * 1024 ** 3;

/** A video that goes to the store by one PUT, past the API. */
@Injectable()
export class PresignedUploadService {
  constructor(
    private readonly intake: IntakeService,
    private readonly assets: AssetStore,
    private readonly clock: FleetClock,
  ) {}

  /** Throws what {@link IntakeService.announce} throws. */
  async presign(tenantId: string, request: PresignRequest, origin: string): Promise<PresignAnswer> {
    if (request.sizeBytes > MAX_PUT_BYTES)
      throw new CamfleetError('BODY_TOO_LARGE', 'One PUT takes 5 GiB at most: use /api/uploads.');
    const video = await this.intake.announce(tenantId, {
      ...request,
      expiresInMs: EXPIRES_MS,
      comesByUrl: true,
    });
    const expiresAt = new Date(this.clock.nowMs() + URL_SECONDS * 1_000).toISOString();
    const { contentType } = request;
    const uploadUrl = await this.assets.presignPut(incomingKeyOf(video.rawKey), {
      ...{ expiresInSeconds: URL_SECONDS, contentType, origin },
      sizeBytes: request.sizeBytes,
    });
    return { videoId: video.id, uploadUrl, key: video.rawKey, expiresAt };
  }

  /** Again: nothing changes. Throws `VIDEO_NOT_FOUND`, and what {@link IntakeService.finish} throws. */
  async complete(tenantId: string, id: string): Promise<void> {
    await this.intake.finish(await this.intake.find(tenantId, id));
  }
}
