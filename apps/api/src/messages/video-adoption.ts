import { type TenantRow, VideoIntakeRepository, type VideoRow, VideosRepository } from '@camfleet/database';
import { CamfleetError } from '@camfleet/domain';
import type { ProcessVideoMessage } from '@camfleet/protocol';
import { AssetStore } from '@camfleet/storage';
import { Inject, Injectable } from '@nestjs/common';
import { basename } from 'node:path/posix';
import { API_OPTIONS, type ApiOptions } from '../core/api-options';
import { IntakeService } from '../videos/intake.service';
import { videoNotFound } from '../videos/video-not-found';

/** By then its row is complete; it is there in an instant. */
const EXPIRES_IN_MS = 10 * 60_000;

/** Videos whose files others put into the store: they get the row that an upload would have made. */
@Injectable()
export class VideoAdoption {
  constructor(
    private readonly videos: VideosRepository,
    private readonly repository: VideoIntakeRepository,
    private readonly intake: IntakeService,
    private readonly assets: AssetStore,
    @Inject(API_OPTIONS) private readonly options: ApiOptions,
  ) {}

  /**
   * Throws `VALIDATION_FAILED` when the key is not the video's, `VIDEO_NOT_FOUND` when there is no file or the id is
   * another tenant's, what the quota says, and why the file is refused.
   */
  async adopt(tenant: TenantRow, message: ProcessVideoMessage): Promise<void> {
    const { video_id: id, workspace_id: workspaceId, s3_key_raw: rawKey } = message;
    const folder = `${this.options.config.assetPrefix}/${workspaceId}/${id}/raw/`;
    if (!rawKey.startsWith(folder) || rawKey.includes('/', folder.length))
      throw new CamfleetError('VALIDATION_FAILED', `s3_key_raw: must be ${folder} and the name of a file.`);
    const known = await this.repository.find(tenant.id, id);
    if (known && known.rawKey !== rawKey)
      throw new CamfleetError('VALIDATION_FAILED', 's3_key_raw: the video has another key.');
    await this.intake.finish(known ?? (await this.announce(tenant, message)));
  }

  private async announce(
    { id: tenantId }: TenantRow,
    { video_id: id, workspace_id: workspaceId, s3_key_raw: rawKey, recordedAt }: ProcessVideoMessage,
  ): Promise<VideoRow> {
    const stored = await this.assets.stat(rawKey);
    if (!stored || (await this.videos.find(null, id))) throw videoNotFound();
    await this.repository.announce({
      ...{ id, tenantId, workspaceId, rawKey },
      fileName: basename(rawKey),
      contentType: 'application/octet-stream',
      sizeBytes: stored.sizeBytes,
      recordedAt: recordedAt ?? undefined,
      expiresInMs: EXPIRES_IN_MS,
    });
    return this.intake.find(tenantId, id);
  }
}
