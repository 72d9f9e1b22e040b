import { AssignmentPage, MovePage, type MoveView } from '@camfleet/protocol';
import { call, queryString } from './http';

const PER_PAGE = 30;

/** Which workers had a camera, newest first. */
export const listAssignments = (cameraId: string, at: { cursor?: string; signal?: AbortSignal }) =>
  call(
    `/api/cameras/${encodeURIComponent(cameraId)}/assignments${queryString({ limit: PER_PAGE, cursor: at.cursor })}`,
    { answer: AssignmentPage, signal: at.signal },
  );

/** The last cameras that left a worker, newest first. */
export const listMoves = (): Promise<MoveView[]> =>
  call(`/api/moves${queryString({ limit: PER_PAGE })}`, { answer: MovePage }).then(({ items }) => items);
