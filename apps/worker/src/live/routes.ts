import { CamfleetError, FeedWriter, type Variant, snapWidth } from '@camfleet/domain';
import { InspectRequest, WorkerProbeRequest } from '@camfleet/protocol';
import type { Registry } from '@camfleet/telemetry';
import { z } from 'zod';
import type { CameraTable } from '../fleet/camera-table';
import type { ChildPool } from '../process/child-pool';
import { SnapshotAnswer } from '../process/ipc';
import type { FeedHub, Picture } from './feed-hub';
import { sendJson } from './http-answer';
import type { LiveRequest, Route } from './live-server';

const SNAPSHOT_TIMEOUT_MS = 3_000;
const PROBE_TIMEOUT_MS = 15_000;
const EMBED_TIMEOUT_MS = 20_000;
const MAX_FEED_FPS = 30;

const FeedQuery = z.object({
  /** `source`: as the camera sends it. */
  width: z.union([z.literal('source'), z.coerce.number().min(1).max(16_384)]).optional(),
  overlay: z.enum(['true', 'false', '1', '0']).default('false'),
  /** The fastest that is wanted; the feed may be slower. */
  fps: z.coerce.number().min(0.1).max(60).default(MAX_FEED_FPS),
});

export interface RouteOptions {
  instanceId: string;
  workerId: string;
  cameras: CameraTable;
  pool: ChildPool;
  hub: FeedHub;
  metrics: Registry;
  isReady: () => boolean;
  status: () => Record<string, unknown>;
}

export function liveRoutes(options: RouteOptions): Route[] {
  const { instanceId, workerId, metrics, isReady, pool } = options;
  const open = { method: 'GET', signed: false } as const;
  const signed = { signed: true } as const;
  return [
    {
      ...open,
      pattern: /^\/healthz$/,
      handle: ({ response }) => sendJson(response, 200, { instanceId, workerId }),
    },
    {
      ...open,
      pattern: /^\/readyz$/,
      handle: ({ response }) => sendJson(response, isReady() ? 200 : 503, { ready: isReady() }),
    },
    {
      ...open,
      pattern: /^\/metrics$/,
      handle: async ({ response }) => {
        const text = await metrics.metrics();
        response.writeHead(200, { 'content-type': metrics.contentType });
        response.end(text);
      },
    },
    {
      ...signed,
      method: 'GET',
      pattern: /^\/status$/,
      handle: ({ response }) => sendJson(response, 200, options.status()),
    },
    {
      ...signed,
      method: 'GET',
      pattern: /^\/cameras\/(?<cameraId>[^/]+)\/feed$/,
      handle: (request) => feed(options, request),
    },
    {
      ...signed,
      method: 'GET',
      pattern: /^\/cameras\/(?<cameraId>[^/]+)\/snapshot\.jpg$/,
      handle: (request) => snapshot(options, request),
    },
    {
      ...signed,
      method: 'POST',
      pattern: /^\/probe$/,
      handle: async ({ body, response }) => {
        const { source } = parseJson(WorkerProbeRequest, body);
        sendJson(response, 200, await pool.run({ kind: 'probe', source }, PROBE_TIMEOUT_MS));
      },
    },
    {
      ...signed,
      method: 'POST',
      pattern: /^\/inspect$/,
      handle: async ({ body, response }) => {
        const { url } = parseJson(InspectRequest, body);
        sendJson(response, 200, await pool.run({ kind: 'inspect', url }, PROBE_TIMEOUT_MS));
      },
    },
    {
      ...signed,
      method: 'POST',
      pattern: /^\/embed$/,
      handle: async ({ body, response }) => {
        sendJson(response, 200, await pool.run({ kind: 'embed', image: body }, EMBED_TIMEOUT_MS));
      },
    },
  ];
}

function parseJson<Schema extends z.ZodType>(schema: Schema, body: Buffer): z.infer<Schema> {
  try {
    return schema.parse(JSON.parse(body.toString('utf8')));
  } catch (cause) {
    throw new CamfleetError('VALIDATION_FAILED', 'The body is not what this route takes.', { cause });
  }
}

function requireCamera({ cameras }: RouteOptions, { params }: LiveRequest): string {
  const cameraId = params.cameraId ?? '';
  if (!cameras.wants(cameraId)) throw new CamfleetError('CAMERA_NOT_FOUND', 'This worker does not run it.');
  return cameraId;
}

function feed(options: RouteOptions, request: LiveRequest): void {
  const cameraId = requireCamera(options, request);
  const query = FeedQuery.safeParse(Object.fromEntries(request.url.searchParams));
  if (!query.success) throw new CamfleetError('VALIDATION_FAILED', 'width, overlay or fps is not valid.');
  const { width, overlay, fps } = query.data;
  const sourceWidth = options.cameras.status(cameraId)?.width ?? undefined;
  const variant: Variant = {
    width: width === 'source' ? 0 : snapWidth(width, sourceWidth),
    overlay: overlay === 'true' || overlay === '1',
  };
  const viewer = new FeedWriter(request.response);
  const joined = options.hub.join(cameraId, { variant, fps: Math.min(fps, MAX_FEED_FPS) }, viewer);
  request.response.on('close', () => joined[Symbol.dispose]());
}

async function snapshot(options: RouteOptions, request: LiveRequest): Promise<void> {
  const cameraId = requireCamera(options, request);
  const picture = (await newest(options, cameraId)) ?? options.hub.lastPicture(cameraId);
  if (!picture) throw new CamfleetError('SNAPSHOT_NOT_FOUND', 'This camera has not shown a picture yet.');
  options.hub.keep(cameraId, picture);
  request.response.writeHead(200, {
    'content-type': 'image/jpeg',
    'content-length': picture.jpeg.length,
    'x-timestamp': Math.round(picture.timestampMs),
    'cache-control': 'no-store',
  });
  request.response.end(picture.jpeg);
}

/** Undefined when the child has none or does not answer: then the last one known is shown. */
async function newest({ pool }: RouteOptions, cameraId: string): Promise<Picture | undefined> {
  const answer = await pool.run({ kind: 'snapshot', cameraId }, SNAPSHOT_TIMEOUT_MS).catch(() => undefined);
  const parsed = SnapshotAnswer.safeParse(answer);
  return parsed.success
    ? { jpeg: Buffer.from(parsed.data.jpeg), timestampMs: parsed.data.timestampMs }
    : undefined;
}
