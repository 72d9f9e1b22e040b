import { CamerasRepository, AssignmentsRepository } from '@camfleet/database';
import { CameraReport } from '@camfleet/protocol';
import { Injectable } from '@nestjs/common';
import type { WorkerAddress } from '../workers/worker-client';

/** Where a camera's pictures come from now. */
export type FeedTarget =
  | { kind: 'worker'; workerId: string; epoch: number; address: WorkerAddress; sourceWidth?: number }
  | { kind: 'waiting' }
  | { kind: 'stopped' }
  | { kind: 'deleted' };

@Injectable()
export class FeedTargets {
  constructor(
    private readonly cameras: CamerasRepository,
    private readonly assignments: AssignmentsRepository,
  ) {}

  async of(cameraId: string): Promise<FeedTarget> {
    const camera = await this.cameras.findAny(cameraId);
    if (!camera) return { kind: 'deleted' };
    if (camera.desired !== 'running') return { kind: 'stopped' };
    const assignment = (await this.assignments.serving([cameraId])).get(cameraId);
    if (!assignment) return { kind: 'waiting' };
    const report = CameraReport.safeParse(assignment.report);
    return {
      kind: 'worker',
      workerId: assignment.workerId,
      epoch: assignment.epoch,
      address: { publicUrl: assignment.publicUrl, secret: assignment.secret },
      sourceWidth: (report.success && report.data.width) || undefined,
    };
  }
}

/** True when pictures go on coming from where they come from. */
export function sameTarget(a: FeedTarget, b: FeedTarget): boolean {
  if (a.kind !== 'worker' || b.kind !== 'worker') return a.kind === b.kind;
  return a.workerId === b.workerId && a.epoch === b.epoch && a.address.publicUrl === b.address.publicUrl;
}
