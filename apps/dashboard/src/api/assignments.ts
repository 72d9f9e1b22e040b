import { AssignmentPage } from '@camfleet/protocol';
import { call, queryString } from './http';

const PER_PAGE = 30;

/** Which workers had a camera, newest first. */
export const listAssignments = (cameraId: string, at: { cursor?: string; signal?: AbortSignal }) =>
  call(
    `/api/cameras/${encodeURIComponent(cameraId)}/assignments${queryString({ limit: PER_PAGE, cursor: at.cursor })}`,
    { answer: AssignmentPage, signal: at.signal },
  );
