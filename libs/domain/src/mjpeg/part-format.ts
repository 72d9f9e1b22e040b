/** The `Content-Type` of every feed. */
export const MJPEG_CONTENT_TYPE = 'multipart/x-mixed-replace; boundary=frame';

/** What a feed begins with, once, before its first part. */
export const MJPEG_OPENING = '--frame\r\n';

export interface PartOptions {
  jpeg: Uint8Array;
  /** Capture time, Unix ms. */
  timestampMs: number;
  /** True for a picture that stands in for the camera's own. */
  slate?: boolean;
}

/**
 * One part of a feed, to be written as it is to every viewer: its headers, the JPEG, and the delimiter of the
 * part that follows. The delimiter comes at once because browsers show a part only when they have seen it;
 * for the same reason a feed begins with MJPEG_OPENING. Whole parts may be left out.
 */
export function formatPart({ jpeg, timestampMs, slate }: PartOptions): Buffer {
  const head =
    `Content-Type: image/jpeg\r\nContent-Length: ${jpeg.length}\r\nX-Timestamp: ${Math.round(timestampMs)}\r\n` +
    `${slate ? 'X-Slate: true\r\n' : ''}\r\n`;
  return Buffer.concat([Buffer.from(head, 'latin1'), jpeg, Buffer.from(`\r\n${MJPEG_OPENING}`, 'latin1')]);
}
