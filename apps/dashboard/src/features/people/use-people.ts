import { skipToken, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { fetchPeopleModel, fetchPerson, listFaces, listPeople } from '../../api/people';
import { KEYS } from '../../api/query-keys';

/** People by name, page by page. */
export function usePeople(q: string) {
  return useInfiniteQuery({
    queryKey: [...KEYS.people, 'list', q],
    queryFn: ({ pageParam, signal }) => listPeople(q, { cursor: pageParam, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: (shown) => shown,
  });
}

const CHOICES = 8;

/** The first few people of a name, to choose from. */
export function useChoices(q: string) {
  return useQuery({
    queryKey: [...KEYS.people, 'choices', q],
    queryFn: ({ signal }) => listPeople(q, { signal }, CHOICES).then(({ items }) => items),
    placeholderData: (shown) => shown,
  });
}

export function usePerson(id: string | undefined) {
  return useQuery({
    queryKey: [...KEYS.people, 'one', id],
    queryFn: id === undefined ? skipToken : ({ signal }) => fetchPerson(id, signal),
  });
}

export function useFaces(personId: string) {
  return useQuery({
    queryKey: [...KEYS.faces, personId],
    queryFn: ({ signal }) => listFaces(personId, signal),
  });
}

const WHILE_BUSY_MS = 2_000;
const WHILE_IDLE_MS = 60_000;

/** What the library of faces is kept with, and how far it has followed a change of that. */
export function usePeopleModel() {
  return useQuery({
    queryKey: KEYS.peopleModel,
    queryFn: ({ signal }) => fetchPeopleModel(signal),
    staleTime: WHILE_BUSY_MS,
    refetchInterval: ({ state }) => {
      const parts = state.data ? [state.data.faces, state.data.visits] : [];
      return parts.some(({ done, total }) => done < total) ? WHILE_BUSY_MS : WHILE_IDLE_MS;
    },
  });
}

/** After anything that changes who is who: everything that names somebody is read again. */
export function useWhoIsWhoChanged(): () => Promise<void> {
  const queries = useQueryClient();
  return useCallback(async () => {
    const keys = [KEYS.people, KEYS.faces, KEYS.unknown, KEYS.visits, KEYS.faceSearch];
    await Promise.all(keys.map((queryKey) => queries.invalidateQueries({ queryKey })));
  }, [queries]);
}
