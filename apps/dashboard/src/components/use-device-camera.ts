import { useEffect, useRef, useState } from 'react';

/** Browsers let pages see the camera only where the connection is safe. */
export const hasDeviceCamera = () => Boolean(navigator.mediaDevices as MediaDevices | undefined);

/** The camera of this device, open as long as the component is there; `video` shows it. */
export function useDeviceCamera() {
  const video = useRef<HTMLVideoElement>(null);
  const [stream, setStream] = useState<MediaStream>();
  const [refused, setRefused] = useState(false);
  useEffect(() => {
    const left = new AbortController();
    const opening = navigator.mediaDevices.getUserMedia({ video: { width: { ideal: 1280 } } });
    opening
      .then((opened) => {
        if (left.signal.aborted || !video.current) return;
        video.current.srcObject = opened;
        setStream(opened);
      })
      .catch(() => setRefused(true));
    return () => {
      left.abort();
      void opening
        .then((opened) => opened.getTracks().forEach((track) => track.stop()))
        .catch(() => undefined);
    };
  }, []);
  return { video, stream, refused };
}
