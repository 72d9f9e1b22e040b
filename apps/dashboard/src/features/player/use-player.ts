import { useCallback, useState } from 'react';

/** The page's one player: everything else on the page leads to places in it. */
export interface Player {
  video: HTMLVideoElement | null;
  attach: (video: HTMLVideoElement | null) => void;
  seek: (timeMs: number) => void;
}

export function usePlayer(): Player {
  const [video, attach] = useState<HTMLVideoElement | null>(null);
  const seek = useCallback(
    (timeMs: number) => {
      if (!video) return;
      video.currentTime = timeMs / 1000;
      video.scrollIntoView({ block: 'nearest', behavior: 'smooth' });
    },
    [video],
  );
  return { video, attach, seek };
}
