import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { isApiError } from './api-error';
import { KEYS } from './query-keys';

/** A 401 from anything but the log-in itself means that the session ended: the router then shows the log-in. */
function signOutOn401(client: QueryClient, error: unknown): void {
  if (isApiError(error) && error.status === 401 && error.code !== 'INVALID_CREDENTIALS')
    client.setQueryData(KEYS.me, null);
}

/** Retrying cures an unreachable or troubled server, never a refusal. */
function shouldRetry(failures: number, error: unknown): boolean {
  if (isApiError(error) && error.status >= 400 && error.status < 500) return false;
  return failures < 2;
}

export function createQueryClient(): QueryClient {
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError: (error) => signOutOn401(client, error) }),
    mutationCache: new MutationCache({ onError: (error) => signOutOn401(client, error) }),
    // `always`: a fleet on a local network works while the browser believes itself offline.
    defaultOptions: {
      queries: { retry: shouldRetry, staleTime: 2_000, networkMode: 'always' },
      mutations: { networkMode: 'always' },
    },
  });
  return client;
}
