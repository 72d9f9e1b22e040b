import type { ChildCameras } from './child-cameras';
import type { ChildSettings, SnapshotAnswer, Task } from './ipc';

/** While streaming, a snapshot is not older. */
const SNAPSHOT_MAX_AGE_MS = 2_000;

export interface TaskTools {
  cameras: ChildCameras;
  settings: ChildSettings;
}

/** An error that bears the code a client is told. */
export class TaskError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

export async function runTask(task: Task, tools: TaskTools): Promise<unknown> {
  switch (task.kind) {
    case 'snapshot':
      return snapshot(task.cameraId, tools.cameras);
    case 'probe':
    case 'inspect':
    case 'embed':
      throw new TaskError('NO_WORKER_AVAILABLE', 'Not yet.');
  }
}

async function snapshot(cameraId: string, cameras: ChildCameras): Promise<SnapshotAnswer> {
  const still = await cameras.get(cameraId)?.snapshot(SNAPSHOT_MAX_AGE_MS);
  if (!still) throw new TaskError('SNAPSHOT_NOT_FOUND', 'This camera has not shown a picture yet.');
  return { jpeg: still.jpeg, timestampMs: still.captureTimeMs };
}
