import type { UnknownGroup } from '@camfleet/protocol';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { dismissGroup } from '../../api/people';
import { KEYS } from '../../api/query-keys';
import { notifyError } from '../../components/notify';
import { notifyUndoable } from '../../components/notify-undoable';

/** Nobody cares who this is: the group is listed no more, with a way back. */
export function useDismissGroup({ id }: UnknownGroup) {
  const queries = useQueryClient();
  async function set(dismissed: boolean) {
    await dismissGroup(id, dismissed);
    await queries.invalidateQueries({ queryKey: KEYS.unknown });
  }
  return useMutation({
    mutationFn: () => set(true),
    onSuccess: () =>
      notifyUndoable('Dismissed. It will not be listed again.', () => {
        set(false).catch((error: unknown) => notifyError('It could not be brought back', error));
      }),
    onError: (error) => notifyError('It was not dismissed', error),
  });
}
