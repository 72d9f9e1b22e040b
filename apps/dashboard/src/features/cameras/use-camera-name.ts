import { useMemo } from 'react';
import { useCameras } from './use-cameras';

/** The name of a camera; a deleted one is called so, with the name that it had where that is known. */
export function useCameraName(): (id: string | undefined, formerName?: string) => string {
  const { data } = useCameras();
  return useMemo(() => {
    const names = new Map(data?.map(({ id, name }) => [id, name]));
    return (id, formerName) => {
      if (id === undefined) return 'No camera';
      const deleted = formerName === undefined ? 'A deleted camera' : `${formerName} (deleted)`;
      return names.get(id) ?? (data ? deleted : (formerName ?? '…'));
    };
  }, [data]);
}
