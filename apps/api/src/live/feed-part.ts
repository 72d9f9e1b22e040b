import { formatPart } from '@camfleet/domain';

/** One picture on its way to viewers; every viewer writes the same bytes. */
export interface FeedPart {
  jpeg: Buffer;
  /** Capture time, Unix ms. */
  timestampMs: number;
  /** Stands in for the camera's own picture. */
  slate: boolean;
  /** As a part of a multipart feed. */
  bytes: Buffer;
}

export function feedPart(picture: Omit<FeedPart, 'bytes'>): FeedPart {
  return { ...picture, bytes: formatPart(picture) };
}
