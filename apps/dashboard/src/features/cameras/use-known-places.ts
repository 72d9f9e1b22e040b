import { useMemo } from 'react';
import { useWorkers } from '../workers/use-workers';
import { tagsOf } from './label-tags';
import { useCameras } from './use-cameras';

/** Sites and labels that are in use already, to choose from. */
export function useKnownPlaces(): { sites: string[]; workerLabels: string[]; cameraLabels: string[] } {
  const { data: workers } = useWorkers();
  const { data: cameras } = useCameras();
  return useMemo(() => {
    const sites = [...(workers ?? []), ...(cameras ?? [])].flatMap(({ siteId }) => siteId ?? []);
    return {
      sites: once(sites),
      workerLabels: once(
        (workers ?? []).flatMap(({ labels, siteId }) => [
          ...tagsOf(labels),
          ...(siteId ? [`site=${siteId}`] : []),
        ]),
      ),
      cameraLabels: once((cameras ?? []).flatMap(({ labels }) => tagsOf(labels))),
    };
  }, [workers, cameras]);
}

const once = (words: readonly string[]) => [...new Set(words)].sort((a, b) => a.localeCompare(b));
