import type { SourceErrorCode, StreamState } from '@camfleet/domain';

/** Why a stream is not streaming. `MAX_FRAMES`: a file source has given as many as it was asked for. */
export interface StreamReason {
  code: SourceErrorCode | 'MAX_FRAMES';
  /** For the user; holds no address and no password. */
  message: string;
}

export interface StreamStatus {
  state: StreamState;
  reason?: StreamReason;
  /** How often the connection was lost. */
  restarts: number;
  codec?: string;
  /** Upright, with square pixels; known from the first picture on. */
  width?: number;
  height?: number;
  /** Pictures a second that come in. */
  fps?: number;
  /** Unix ms. */
  lastFrameAtMs?: number;
}
