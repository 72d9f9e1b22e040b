import { MjpegPartParser, formatPart } from '@camfleet/domain';
import { CamerasRepository } from '@camfleet/database';
import { DiskAssetStore } from '@camfleet/storage';
import { Inject, Injectable } from '@nestjs/common';
import { API_OPTIONS, type ApiOptions } from '../core/api-options';

export interface TimedPicture {
  jpeg: Buffer;
  timestampMs: number;
}

/** The last good picture of each camera, which outlives its stream and its worker. */
@Injectable()
export class LastPictures {
  private readonly writes = new Set<Promise<void>>();
  private isClosed = false;

  constructor(
    private readonly assets: DiskAssetStore,
    private readonly cameras: CamerasRepository,
    @Inject(API_OPTIONS) private readonly options: Pick<ApiOptions, 'logger'>,
  ) {}

  /** Writes in the background: a picture that is not kept is no reason to fail what brought it. */
  keep(cameraId: string, picture: TimedPicture): void {
    if (this.isClosed) return;
    const write = this.write(cameraId, picture)
      .catch((err: unknown) => this.options.logger.warn({ err, cameraId }, 'last_picture.not_kept'))
      .finally(() => this.writes.delete(write));
    this.writes.add(write);
  }

  /** Keeps nothing from now on. Resolves when what was being written is on disk. */
  async close(): Promise<void> {
    this.isClosed = true;
    await Promise.all(this.writes);
  }

  async find(cameraId: string): Promise<TimedPicture | null> {
    const stored = await this.assets.get(keyOf(cameraId));
    const [part] = stored
      ? new MjpegPartParser({ boundary: 'frame' }).push(Buffer.concat([OPENING, stored]))
      : [];
    return part ? { jpeg: part.body, timestampMs: Number(part.headers.get('x-timestamp')) } : null;
  }

  async forget(cameraId: string): Promise<void> {
    await this.assets.delete(keyOf(cameraId));
  }

  private async write(cameraId: string, { jpeg, timestampMs }: TimedPicture): Promise<void> {
    // As one part of a feed, so that the time stands in the same file.
    await this.assets.put(keyOf(cameraId), formatPart({ jpeg, timestampMs }));
    // Looked up after the file is there: a camera deleted before had nothing yet to forget, one deleted later does.
    if (!(await this.cameras.findAny(cameraId))) await this.forget(cameraId);
  }
}

const OPENING = Buffer.from('--frame\r\n');

function keyOf(cameraId: string): string {
  return `cameras/${encodeURIComponent(cameraId)}/last.part`;
}
