import { WorkerPage } from '@camfleet/protocol';
import { fetchAll } from './fetch-all';
import { call } from './http';

const path = (id: string) => `/api/workers/${encodeURIComponent(id)}`;

export const listWorkers = (signal?: AbortSignal) => fetchAll('/api/workers', { page: WorkerPage, signal });

export const switchWorker = (id: string, action: 'drain' | 'resume') =>
  call(`${path(id)}/${action}`, { method: 'POST' });

export const removeWorker = (id: string) => call(path(id), { method: 'DELETE' });
