import { skipToken, useQuery } from '@tanstack/react-query';
import { fetchPicture, searchFaces, type FaceSearchFilter, type FaceSource } from '../../api/people';
import { KEYS } from '../../api/query-keys';

/** What is searched for; `key` is its own for each photo. */
export interface SearchSubject {
  key: string;
  source: FaceSource | { pictureUrl: string };
}

/** Who looks like this. */
export function useFaceSearch(subject: SearchSubject | null, filter: FaceSearchFilter) {
  return useQuery({
    queryKey: [...KEYS.faceSearch, subject?.key, filter],
    queryFn: subject
      ? async ({ signal }) => {
          const { source } = subject;
          const known =
            'pictureUrl' in source ? { photo: await fetchPicture(source.pictureUrl, signal) } : source;
          return searchFaces(known, filter, signal);
        }
      : skipToken,
    staleTime: 30_000,
    placeholderData: (shown, query) => (query?.queryKey[1] === subject?.key ? shown : undefined),
  });
}
