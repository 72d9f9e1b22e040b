import { skipToken, useQuery } from '@tanstack/react-query';
import { searchFaces, type FaceSearchFilter, type FaceSource } from '../../api/people';
import { KEYS } from '../../api/query-keys';

/** What is searched for; `key` is its own for each photo. */
export interface SearchSubject {
  key: string;
  source: FaceSource;
}

/** Who looks like this. */
export function useFaceSearch(subject: SearchSubject | null, filter: FaceSearchFilter) {
  return useQuery({
    queryKey: [...KEYS.faceSearch, subject?.key, filter],
    queryFn: subject ? ({ signal }) => searchFaces(subject.source, filter, signal) : skipToken,
    staleTime: 30_000,
    placeholderData: (shown, query) => (query?.queryKey[1] === subject?.key ? shown : undefined),
  });
}
