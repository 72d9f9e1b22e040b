import { useMemo } from 'react';
import { useCameras } from './use-cameras';

/** The name of a camera; a deleted one is called so. */
export function useCameraName(): (id: string | undefined) => string {
  const { data } = useCameras();
  return useMemo(() => {
    const names = new Map(data?.map(({ id, name }) => [id, name]));
    return (id) => (id === undefined ? 'No camera' : (names.get(id) ?? (data ? 'A deleted camera' : '…')));
  }, [data]);
}
