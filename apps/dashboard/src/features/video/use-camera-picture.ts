import { useEffect, useRef, useState, type RefObject } from 'react';
import type { VideoClient } from '../../api/video-client';
import { FrameMeter } from './frame-meter';
import { drawJpeg } from './draw-jpeg';

export interface PictureWish {
  client: VideoClient;
  cameraId: string;
  /** Pixels. */
  width: number;
  overlay: boolean;
  fps: number;
  /** Off screen, or stopped: nothing is asked for. */
  active: boolean;
}

/** What is known of the picture, renewed twice a second. */
export interface PictureFacts {
  slate?: boolean;
  sinceFrameMs?: number;
  /** Capture time of the last real picture, Unix ms by the server's clock. */
  lastPictureMs?: number;
  fps?: number;
}

const NOTHING: PictureFacts = {};
const REPORT_EVERY_MS = 500;

/** Draws a camera's newest frames on the canvas; frames themselves never pass through React. */
export function useCameraPicture(wish: PictureWish): {
  canvasRef: RefObject<HTMLCanvasElement | null>;
  facts: PictureFacts;
} {
  const { client, cameraId, width, overlay, fps, active } = wish;
  const canvasRef = useRef<HTMLCanvasElement>(null);
  const [facts, setFacts] = useState(NOTHING);

  useEffect(() => {
    if (!active) return undefined;
    const meter = new FrameMeter();
    let last: { atMs: number; slate: boolean } | undefined;
    let lastPictureMs: number | undefined;
    const report = () => {
      const nowMs = performance.now();
      setFacts(
        last
          ? { slate: last.slate, sinceFrameMs: nowMs - last.atMs, lastPictureMs, fps: meter.fps(nowMs) }
          : NOTHING,
      );
    };
    const leave = client.show(cameraId, {
      wish: { width, overlay, fps },
      draw: async ({ jpeg, slate, timestampMs }) => {
        if (canvasRef.current) await drawJpeg(canvasRef.current, jpeg);
        const changed = last?.slate !== slate;
        last = { atMs: performance.now(), slate };
        if (!slate) lastPictureMs = timestampMs;
        meter.mark(last.atMs);
        if (changed) report();
      },
    });
    const timer = setInterval(report, REPORT_EVERY_MS);
    return () => {
      leave();
      clearInterval(timer);
      setFacts(NOTHING);
    };
  }, [client, cameraId, width, overlay, fps, active]);

  return { canvasRef, facts };
}
