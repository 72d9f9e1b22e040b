import { useEffect, useState } from 'react';
import type { Player } from './use-player';

/** Where the player is, in milliseconds since the first picture, told with each picture that it shows. */
export function useMediaTime({ video, firstPictureMs }: Pick<Player, 'video' | 'firstPictureMs'>): number {
  const [timeMs, setTimeMs] = useState(0);
  useEffect(() => {
    if (!video) return undefined;
    let request: number | undefined;
    // The picture's own time: `currentTime` runs ahead of what is on the screen.
    const onPicture = (_: number, { mediaTime }: VideoFrameCallbackMetadata) => {
      setTimeMs(mediaTime * 1000);
      request = video.requestVideoFrameCallback(onPicture);
    };
    const onTime = () => setTimeMs(video.currentTime * 1000);
    const framewise: boolean = 'requestVideoFrameCallback' in HTMLVideoElement.prototype;
    if (framewise) request = video.requestVideoFrameCallback(onPicture);
    else video.addEventListener('timeupdate', onTime);
    return () => {
      if (request !== undefined) video.cancelVideoFrameCallback(request);
      video.removeEventListener('timeupdate', onTime);
    };
  }, [video]);
  return Math.max(0, timeMs - firstPictureMs);
}
