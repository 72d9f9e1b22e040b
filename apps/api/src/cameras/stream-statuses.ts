import { AssignmentsRepository, type CameraRow, type ServingAssignment } from '@camfleet/database';
import type { StreamStatus } from '@camfleet/protocol';
import { Injectable } from '@nestjs/common';
import { ViewerCounts } from '../live/viewer-counts';
import { LatestReports } from '../workers/latest-reports';
import { toStatus } from './camera-view';

/** The streams of cameras, by what the workers said last: here, or as far as it is stored, elsewhere. */
@Injectable()
export class StreamStatuses {
  constructor(
    private readonly assignments: AssignmentsRepository,
    private readonly latest: LatestReports,
    private readonly viewers: ViewerCounts,
  ) {}

  /** By the camera's id. */
  async of(rows: readonly CameraRow[]): Promise<Map<string, StreamStatus>> {
    const ids = rows.map(({ id }) => id);
    const [serving, viewers] = await Promise.all([this.assignments.serving(ids), this.viewers.of(ids)]);
    return new Map(
      rows.map((row) => {
        const assignment = this.newest(serving.get(row.id));
        return [row.id, toStatus(row, { assignment, viewers: viewers.get(row.id) ?? 0 })];
      }),
    );
  }

  async ofOne(row: CameraRow): Promise<StreamStatus> {
    const status = (await this.of([row])).get(row.id);
    if (!status) throw new Error('Every camera has a status.');
    return status;
  }

  private newest(stored: ServingAssignment | undefined): ServingAssignment | undefined {
    return stored && { ...stored, report: this.latest.of(stored.workerId, stored) ?? stored.report };
  }
}
