import {
  EnrolledFace,
  EventView,
  FaceSearchAnswer,
  PeopleModel,
  Person,
  PersonFacePage,
  PersonPage,
  UnknownGroupPage,
  VisitIdentity,
  type CorrectionRequest,
  type CreatePersonRequest,
  type NameGroupRequest,
  type SplitRequest,
  type UpdatePersonRequest,
} from '@camfleet/protocol';
import { ApiError } from './api-error';
import { fetchAll } from './fetch-all';
import { call, queryString } from './http';

const path = (id: string) => `/api/people/${encodeURIComponent(id)}`;

const PEOPLE_PER_PAGE = 60;
const GROUPS_PER_PAGE = 24;

interface Reading {
  cursor?: string;
  signal?: AbortSignal;
}

/** A photo that somebody chose, or an event whose face is meant. */
export type FaceSource = { photo: Blob } | { eventId: string };

/** A picture that the server keeps, as a photo. */
export async function fetchPicture(url: string, signal: AbortSignal): Promise<Blob> {
  const response = await fetch(url, { signal });
  if (!response.ok)
    throw new ApiError('SNAPSHOT_NOT_FOUND', 'There is no picture.', { status: response.status });
  return response.blob();
}

function bodyOf(source: FaceSource): FormData | { eventId: string } {
  if ('eventId' in source) return source;
  const form = new FormData();
  form.set('image', source.photo, 'photo');
  return form;
}

/** Part of the name; empty: everybody. */
export const listPeople = (q: string, { cursor, signal }: Reading, limit = PEOPLE_PER_PAGE) =>
  call(`/api/people${queryString({ q: q || undefined, limit, cursor })}`, { answer: PersonPage, signal });

export const fetchPerson = (id: string, signal?: AbortSignal) => call(path(id), { answer: Person, signal });

export const createPerson = (body: CreatePersonRequest) =>
  call('/api/people', { method: 'POST', body, answer: Person });

export const updatePerson = (id: string, body: UpdatePersonRequest) =>
  call(path(id), { method: 'PATCH', body, answer: Person });

/** `erase`: by law, with every embedding and picture. */
export const deletePerson = (id: string, { erase }: { erase: boolean }) =>
  call(`${path(id)}${erase ? '?erase=true' : ''}`, { method: 'DELETE' });

export const mergePeople = (id: string, fromId: string) =>
  call(`${path(id)}/merge`, { method: 'POST', body: { fromId }, answer: Person });

export const splitPerson = (id: string, body: SplitRequest) =>
  call(`${path(id)}/split`, { method: 'POST', body, answer: Person });

export const listFaces = (id: string, signal?: AbortSignal) =>
  fetchAll(`${path(id)}/faces`, { page: PersonFacePage, signal });

export const addFace = (id: string, source: FaceSource, { force }: { force: boolean }) =>
  call(`${path(id)}/faces${force ? '?force=true' : ''}`, {
    method: 'POST',
    body: bodyOf(source),
    answer: EnrolledFace,
  });

export const removeFace = (id: string, faceId: string) =>
  call(`${path(id)}/faces/${encodeURIComponent(faceId)}`, { method: 'DELETE' });

export const fetchPeopleModel = (signal?: AbortSignal) =>
  call('/api/people/model', { answer: PeopleModel, signal });

export const listUnknown = ({ cursor, signal }: Reading) =>
  call(`/api/people/unknown${queryString({ limit: GROUPS_PER_PAGE, cursor })}`, {
    answer: UnknownGroupPage,
    signal,
  });

const groupPath = (id: string) => `/api/people/unknown/${encodeURIComponent(id)}`;

export const nameGroup = (id: string, body: NameGroupRequest) =>
  call(`${groupPath(id)}/name`, { method: 'POST', body, answer: Person });

export const dismissGroup = (id: string, dismissed: boolean) =>
  call(groupPath(id), { method: 'PATCH', body: { dismissed } });

export const correctVisit = (eventId: string, body: CorrectionRequest) =>
  call(`/api/events/${encodeURIComponent(eventId)}/person`, { method: 'POST', body, answer: VisitIdentity });

/** Takes back all that users said of the visit; answers its event as it was judged anew. */
export async function takeBackCorrections(eventId: string): Promise<EventView> {
  const event = `/api/events/${encodeURIComponent(eventId)}`;
  await call(`${event}/person`, { method: 'DELETE' });
  return call(event, { answer: EventView });
}

/** Filters concern visits; people are found whenever they were seen. */
export interface FaceSearchFilter {
  cameraId?: string;
  from?: string;
  to?: string;
}

/** As many as the server gives: people and visits share them, and many visits of one would push people out. */
const MOST_HITS = 500;

export const searchFaces = (source: FaceSource, filter: FaceSearchFilter, signal?: AbortSignal) =>
  call(`/api/faces/search${queryString({ ...filter, limit: MOST_HITS })}`, {
    method: 'POST',
    body: bodyOf(source),
    answer: FaceSearchAnswer,
    signal,
  });
