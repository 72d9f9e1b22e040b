import {
  Camera,
  CameraPage,
  ProbeResult,
  StreamCommandAnswer,
  type CreateCameraRequest,
  type ProbeRequest,
  type UpdateCameraRequest,
} from '@camfleet/protocol';
import type { z } from 'zod';
import { fetchAll } from './fetch-all';
import { call } from './http';

/** A camera as a form writes it: defaults are filled in by the server. */
export type NewCamera = z.input<typeof CreateCameraRequest>;
export type CameraChanges = z.input<typeof UpdateCameraRequest>;

const path = (id: string) => `/api/cameras/${encodeURIComponent(id)}`;

export const listCameras = (signal?: AbortSignal) => fetchAll('/api/cameras', { page: CameraPage, signal });

export const createCamera = (body: NewCamera) =>
  call('/api/cameras', { method: 'POST', body, answer: Camera });

export const updateCamera = (id: string, body: CameraChanges) =>
  call(path(id), { method: 'PATCH', body, answer: Camera });

export const deleteCamera = (id: string) => call(path(id), { method: 'DELETE' });

export const switchStream = (id: string, action: 'start' | 'stop') =>
  call(`${path(id)}/stream/${action}`, { method: 'POST', answer: StreamCommandAnswer });

/** With `cameraId` the camera's stored password is used where none is typed. */
export const probeSource = (body: ProbeRequest, signal?: AbortSignal) =>
  call('/api/cameras/probe', { method: 'POST', body, answer: ProbeResult, signal });
