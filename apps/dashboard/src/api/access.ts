import {
  CreatedKey,
  KeyPage,
  Me,
  UserPage,
  UserView,
  type CreateKeyRequest,
  type CreateUserRequest,
  type LoginRequest,
  type UpdateUserRequest,
} from '@camfleet/protocol';
import { isApiError } from './api-error';
import { fetchAll } from './fetch-all';
import { call } from './http';

/** Who is signed in; `null` when nobody is. */
export const fetchMe = (signal?: AbortSignal) =>
  call('/api/auth/me', { answer: Me, signal }).catch((error: unknown) => {
    if (isApiError(error) && error.status === 401) return null;
    throw error;
  });

export const login = (body: LoginRequest) => call('/api/auth/login', { method: 'POST', body });
export const logout = () => call('/api/auth/logout', { method: 'POST' });

export const listKeys = (signal?: AbortSignal) => fetchAll('/api/keys', { page: KeyPage, signal });
export const createKey = (body: CreateKeyRequest) =>
  call('/api/keys', { method: 'POST', body, answer: CreatedKey });
export const deleteKey = (id: string) => call(`/api/keys/${encodeURIComponent(id)}`, { method: 'DELETE' });

export const listUsers = (signal?: AbortSignal) => fetchAll('/api/users', { page: UserPage, signal });
export const createUser = (body: CreateUserRequest) =>
  call('/api/users', { method: 'POST', body, answer: UserView });
export const updateUser = (id: string, body: UpdateUserRequest) =>
  call(`/api/users/${encodeURIComponent(id)}`, { method: 'PATCH', body, answer: UserView });
export const deleteUser = (id: string) => call(`/api/users/${encodeURIComponent(id)}`, { method: 'DELETE' });
