import type { NewSnapshot, Transaction } from '@camfleet/database';
import { Injectable } from '@nestjs/common';

/** The video that snapshots were found in, as the job that found them knew it. */
export interface SnapshotVideo {
  tenantId: string;
  videoId: string;
  workspaceId: string;
  workspaceCode: string;
  cameraCode: string;
  /** ISO 8601. */
  recordedAt: string | null;
}

export interface SnapshotListener {
  /**
   * All snapshots of a video, in the transaction that stores them: the whole set, in the place of the one before. What
   * it throws undoes all of it.
   */
  store(tx: Transaction, video: SnapshotVideo, snapshots: readonly NewSnapshot[]): Promise<void>;
}

/** Who goes on with snapshots: other rooms register themselves in their constructors. */
@Injectable()
export class SnapshotListeners {
  private readonly listeners: SnapshotListener[] = [];

  register(listener: SnapshotListener): void {
    this.listeners.push(listener);
  }

  async tell(tx: Transaction, video: SnapshotVideo, snapshots: readonly NewSnapshot[]): Promise<void> {
    for (const listener of this.listeners) await listener.store(tx, video, snapshots);
  }
}
