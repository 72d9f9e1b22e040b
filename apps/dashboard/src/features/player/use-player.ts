import { useCallback, useRef, useState } from 'react';

/** The page's one player: everything else on the page leads to places in it. */
export interface Player {
  video: HTMLVideoElement | null;
  attach: (video: HTMLVideoElement | null) => void;
  seek: (timeMs: number) => void;
}

export function usePlayer(): Player {
  const element = useRef<HTMLVideoElement>(null);
  const [video, setVideo] = useState<HTMLVideoElement | null>(null);
  const attach = useCallback((attached: HTMLVideoElement | null) => {
    element.current = attached;
    setVideo(attached);
  }, []);
  const seek = useCallback((timeMs: number) => {
    if (!element.current) return;
    element.current.currentTime = timeMs / 1000;
    element.current.scrollIntoView({ block: 'nearest', behavior: 'smooth' });
  }, []);
  return { video, attach, seek };
}
