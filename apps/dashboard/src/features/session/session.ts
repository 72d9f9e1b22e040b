import type { Me } from '@camfleet/protocol';
import { useQuery } from '@tanstack/react-query';
import { fetchMe } from '../../api/access';
import { KEYS } from '../../api/query-keys';
import { mayDo, type HumanRole } from './role';

/** Who is signed in: `data` is null when nobody is, undefined while it is not known. */
export function useMe() {
  return useQuery<Me | null>({
    queryKey: KEYS.me,
    queryFn: ({ signal }) => fetchMe(signal),
    staleTime: 60_000,
  });
}

/** Whether the person at the screen holds a role; buttons that the server would refuse are not shown. */
export function useMay(needed: HumanRole): boolean {
  const { data } = useMe();
  return data ? mayDo(data.role, needed) : false;
}
