import { useMutation, useQueryClient } from '@tanstack/react-query';
import { switchStream } from '../../api/cameras';
import { reasonInWords } from '../../api/error-words';
import { KEYS } from '../../api/query-keys';
import { notifyDone, notifyError } from '../../components/notify';

/** Starts or stops a camera, and says when it has to wait for a worker. */
export function useStreamSwitch() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, action }: { id: string; action: 'start' | 'stop' }) => switchStream(id, action),
    onSuccess: ({ reason }) => {
      if (reason) notifyDone(reasonInWords(reason));
      return queries.invalidateQueries({ queryKey: KEYS.cameras });
    },
    onError: (error, { action }) => notifyError(`The camera did not ${action}`, error),
  });
}
