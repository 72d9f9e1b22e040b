import { useMemo } from 'react';
import { VisitList } from '../events/visit-list';
import { NotYet } from './not-yet';

/** Who was found in a video: the same visits as those of cameras, with the same corrections. */
export function FacesSection({ videoId }: { videoId: string }) {
  const filter = useMemo(() => ({ videoId }), [videoId]);
  return (
    <VisitList
      filter={filter}
      empty={
        <NotYet videoId={videoId} analysis="faces" none="No face large and sharp enough was in this video." />
      }
    />
  );
}
