import { useCallback, useRef, useState } from 'react';

/** The page's one player: everything else on the page leads to places in it. Times are since the first picture. */
export interface Player {
  video: HTMLVideoElement | null;
  attach: (video: HTMLVideoElement | null) => void;
  seek: (timeMs: number) => void;
  /** When the first picture is shown, in the player's own time. */
  firstPictureMs: number;
}

/** @param startMs where it begins */
export function usePlayer(startMs: number, firstPictureMs: number): Player {
  const element = useRef<HTMLVideoElement>(null);
  const [video, setVideo] = useState<HTMLVideoElement | null>(null);
  const attach = useCallback(
    (attached: HTMLVideoElement | null) => {
      element.current = attached;
      setVideo(attached);
      if (attached && startMs > 0) attached.currentTime = (startMs + firstPictureMs) / 1000;
    },
    [startMs, firstPictureMs],
  );
  const seek = useCallback(
    (timeMs: number) => {
      if (!element.current) return;
      element.current.currentTime = (timeMs + firstPictureMs) / 1000;
      element.current.scrollIntoView({ block: 'nearest', behavior: 'smooth' });
    },
    [firstPictureMs],
  );
  return { video, attach, seek, firstPictureMs };
}
