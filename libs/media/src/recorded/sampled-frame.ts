import type { VideoFrame } from '../decoding/video-frame';
import type { SamplePosition } from './sampling';

/** One frame that was chosen. */
export interface SampledFrame extends SamplePosition {
  isKeyframe: boolean;
  /**
   * How much of the picture changed since the sampled frame before, 0 to 1: the mean difference of a small grey
   * copy. Undefined of the first one, and where sampling is not `adaptive`.
   */
  motion: number | undefined;
  /**
   * The picture, for `PictureScaler` (`toYuv`, `cutRegion`, `cropYuv`), which turns it upright. Valid until the next
   * frame is asked for: who keeps it longer calls `retain()` and later `release()`.
   */
  picture: VideoFrame;
}

/** What a recorded video is, as its container and its first picture say. */
export interface RecordedVideoInfo {
  /** FFmpeg's names: `mov,mp4,m4a,3gp,3g2,mj2`; `h264`. */
  container: string;
  codec: string;
  /** Upright, with square pixels, of the first frame. */
  width: number;
  height: number;
  /** Average, as claimed; 0 when nothing is. */
  fps: number;
  /** As claimed; 0 when nothing is. */
  durationMs: number;
  /** When a player shows the first picture: sound may begin before it. Frames' times count from that picture. */
  firstPictureMs: number;
}
