import { useCallback, useRef, useState } from 'react';

/** The page's one player: everything else on the page leads to places in it. */
export interface Player {
  video: HTMLVideoElement | null;
  attach: (video: HTMLVideoElement | null) => void;
  seek: (timeMs: number) => void;
}

/** @param startMs where it begins */
export function usePlayer(startMs: number): Player {
  const element = useRef<HTMLVideoElement>(null);
  const [video, setVideo] = useState<HTMLVideoElement | null>(null);
  const attach = useCallback(
    (attached: HTMLVideoElement | null) => {
      element.current = attached;
      setVideo(attached);
      if (attached && startMs > 0) attached.currentTime = startMs / 1000;
    },
    [startMs],
  );
  const seek = useCallback((timeMs: number) => {
    if (!element.current) return;
    element.current.currentTime = timeMs / 1000;
    element.current.scrollIntoView({ block: 'nearest', behavior: 'smooth' });
  }, []);
  return { video, attach, seek };
}
