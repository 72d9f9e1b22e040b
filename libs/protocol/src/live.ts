import { z } from 'zod';
import { Camera } from './cameras';
import { Id } from './common';
import { EVENT_TYPES, EventView } from './events';
import { Video } from './videos';
import { WorkerView } from './workers';

/** `WS /api/live`, from the client. */
export const LiveSubscribe = z.object({
  type: z.literal('subscribe'),
  after: z.number().int().min(0).optional(),
  cameraIds: z.array(Id).max(1000).optional(),
  types: z.array(z.enum(EVENT_TYPES)).max(EVENT_TYPES.length).optional(),
});
export type LiveSubscribe = z.infer<typeof LiveSubscribe>;

/** `WS /api/live`, from the server. */
export const LiveMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('subscribed'), after: z.number().int() }),
  z.object({ type: z.literal('event'), event: EventView }),
  z.object({ type: z.literal('camera'), camera: Camera.nullable(), cameraId: z.string() }),
  z.object({ type: z.literal('worker'), worker: WorkerView.nullable(), workerId: z.string() }),
  z.object({ type: z.literal('video'), video: Video.nullable(), videoId: z.string() }),
  /** Whom a visit shows is known, or known otherwise: it concerns all its events. */
  z.object({
    type: z.literal('visit'),
    trackId: z.string(),
    cameraId: z.string().nullable(),
    personId: z.string().nullable(),
    personName: z.string().nullable(),
    personScore: z.number().nullable(),
  }),
  /** More changed than is told one by one, or the reader was too slow to be told: read again all but the events. */
  z.object({ type: z.literal('refresh') }),
  z.object({
    type: z.literal('error'),
    code: z.string(),
    /** With `CURSOR_EXPIRED`: the oldest sequence that there is; `after: oldest - 1` reads from there. */
    oldest: z.number().int().optional(),
    message: z.string().optional(),
  }),
]);
export type LiveMessage = z.infer<typeof LiveMessage>;

/** A reader this far behind is closed and resumes with `after`. */
export const LIVE_BACKLOG_LIMIT = 1_000;
export const LIVE_CLOSE_TOO_SLOW = 4008;

/** `WS /api/live/video`, from the client. */
export const VideoClientMessage = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('subscribe'),
    cameraId: Id,
    width: z.number().int().min(1).max(16_384).optional(),
    overlay: z.boolean().default(false),
    fps: z.number().min(0.1).max(60).default(15),
  }),
  z.object({ type: z.literal('unsubscribe'), cameraId: z.string() }),
  z.object({ type: z.literal('ack'), cameraId: z.string() }),
]);
export type VideoClientMessage = z.infer<typeof VideoClientMessage>;

/** The JSON header in front of each JPEG of `WS /api/live/video`. */
export const VideoPartHeader = z.object({
  cameraId: z.string(),
  timestampMs: z.number(),
  slate: z.boolean(),
});
export type VideoPartHeader = z.infer<typeof VideoPartHeader>;

/** `WS /api/live/video` in text frames, when a subscription cannot be served. */
export const VideoErrorMessage = z.object({
  type: z.literal('error'),
  cameraId: z.string().optional(),
  code: z.string(),
  message: z.string(),
});
export type VideoErrorMessage = z.infer<typeof VideoErrorMessage>;

/** A binary message: 4-byte big-endian length of the header, the header as JSON, the JPEG. */
export function encodeVideoPart(header: VideoPartHeader, jpeg: Uint8Array): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(header));
  const message = new Uint8Array(4 + json.length + jpeg.length);
  new DataView(message.buffer).setUint32(0, json.length);
  message.set(json, 4);
  message.set(jpeg, 4 + json.length);
  return message;
}

/** The inverse of {@link encodeVideoPart}; the JPEG is a view into `message`. */
export function decodeVideoPart(message: ArrayBuffer): {
  header: VideoPartHeader;
  jpeg: Uint8Array<ArrayBuffer>;
} {
  const headerLength = new DataView(message).getUint32(0);
  const json = new TextDecoder().decode(new Uint8Array(message, 4, headerLength));
  return {
    header: VideoPartHeader.parse(JSON.parse(json)),
    jpeg: new Uint8Array(message, 4 + headerLength),
  };
}
