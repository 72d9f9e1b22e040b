import { SOURCE_SCHEMES } from '@camfleet/domain';
import { z } from 'zod';
import { Text } from './common';

const schemePattern = new RegExp(`^(${SOURCE_SCHEMES.join('|')}):`, 'i');

/** `rtsp://host/path`, `https://…`, `file:clip.mp4`, `device:/dev/video0`. */
const SourceUrl = Text.min(1)
  .max(2048)
  .refine((url) => schemePattern.test(url), `must begin with one of ${SOURCE_SCHEMES.join(', ')}`)
  .refine((url) => !/[\s\p{Cc}]/u.test(url), 'must not contain spaces or control characters')
  .refine((url) => /^(file|device):/i.test(url) || (URL.canParse(url) && new URL(url).hostname !== ''), {
    message: 'must name a host',
  });

/** A source as a client writes it. A password inside the URL is taken out of it. */
export const SourceInput = z.strictObject({
  url: SourceUrl,
  username: Text.max(200).optional(),
  password: Text.max(500).optional(),
  transport: z.enum(['tcp', 'udp']).optional(),
  exclusive: z.boolean().optional(),
  loop: z.boolean().optional(),
  maxFrames: z.number().int().min(1).optional(),
});
export type SourceInput = z.infer<typeof SourceInput>;

/** A change of a source: what is left out stays, `null` clears. */
export const SourceChange = z.strictObject({
  url: SourceUrl.optional(),
  username: Text.max(200).nullable().optional(),
  password: Text.max(500).nullable().optional(),
  transport: z.enum(['tcp', 'udp']).nullable().optional(),
  exclusive: z.boolean().nullable().optional(),
  loop: z.boolean().nullable().optional(),
  maxFrames: z.number().int().min(1).nullable().optional(),
});

/** A source as a client sees it: no password ever comes back. */
export const SourceView = z.object({
  url: z.string(),
  username: z.string().optional(),
  hasPassword: z.boolean(),
  transport: z.enum(['tcp', 'udp']).optional(),
  exclusive: z.boolean().optional(),
  loop: z.boolean().optional(),
  maxFrames: z.number().int().optional(),
});
export type SourceView = z.infer<typeof SourceView>;

/** A source as the worker that runs the camera gets it, password included. */
export const SourceSettingsSchema = z.object({
  url: z.string(),
  username: z.string().optional(),
  password: z.string().optional(),
  transport: z.enum(['tcp', 'udp']).optional(),
  exclusive: z.boolean().optional(),
  loop: z.boolean().optional(),
  maxFrames: z.number().int().optional(),
});

export const ProbeRequest = z.strictObject({
  source: SourceInput,
  /** A camera whose stored password is used when `source` has none and names the same host. */
  cameraId: Text.max(200).optional(),
});
export type ProbeRequest = z.infer<typeof ProbeRequest>;

export const ProbeResult = z.object({
  codec: z.string(),
  width: z.number().int(),
  height: z.number().int(),
  fps: z.number().nullable(),
  hasAudio: z.boolean(),
  /** A JPEG as a data URL. */
  snapshot: z.string(),
});
export type ProbeResult = z.infer<typeof ProbeResult>;
