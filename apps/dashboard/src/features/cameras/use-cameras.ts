import type { Camera } from '@camfleet/protocol';
import { useQuery } from '@tanstack/react-query';
import { listCameras } from '../../api/cameras';
import { KEYS } from '../../api/query-keys';
import { inWallOrder } from './camera-order';

/** Every camera, in one order everywhere. The live connection keeps it fresh; reading again is the safety net. */
export function useCameras() {
  return useQuery<Camera[]>({
    queryKey: KEYS.cameras,
    queryFn: ({ signal }) => listCameras(signal),
    select: inWallOrder,
    refetchInterval: 10_000,
  });
}

/** One camera of the list; `undefined` while it is not known. */
export function useCamera(id: string): Camera | undefined {
  return useCameras().data?.find((camera) => camera.id === id);
}
