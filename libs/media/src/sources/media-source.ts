import type { AVCodecID, CodecParameters } from 'node-av';
import type { MediaPacket } from './media-packet';

export type Rotation = 0 | 90 | 180 | 270;

/** What a decoder is made of, and what is known before the first picture. */
export interface VideoStream {
  /** FFmpeg's name: `h264`, `hevc`, `mjpeg`, … */
  codec: string;
  codecId: AVCodecID;
  /** Absent for bare JPEGs. */
  parameters: CodecParameters | undefined;
  /** Coded pixels; 0 while unknown. */
  width: number;
  height: number;
  /** As the source claims it; undefined when it claims none or nonsense. */
  fps: number | undefined;
  hasAudio: boolean;
  /** Clockwise degrees by which the picture is to be turned for display. */
  rotation: Rotation;
}

/** How fast packets may be taken: as they come, or by their own time (files and HLS come in bursts). */
export type Pacing = 'arrival' | 'media-time';

/** An open source of compressed pictures. One read at a time. */
export interface MediaSource {
  readonly video: VideoStream;
  readonly pacing: Pacing;
  /** The end of a live source is a drop, that of a file its end. */
  readonly isLive: boolean;
  /** The next packet of the video stream, owned by the caller; null at the end. @throws SourceError */
  read(): Promise<MediaPacket | null>;
  /** Ends a pending read and lets go of the source. Safe to call twice. */
  close(): Promise<void>;
}
