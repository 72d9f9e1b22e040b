import { STREAM_STATES } from '@camfleet/domain';
import { z } from 'zod';
import { Id, Labels, Text, PageQuery, Timestamp, pageOf } from './common';
import { SourceChange, SourceInput, SourceView } from './source';

const Fps = z.number().min(0.1).max(60);

export const Analysis = z.strictObject({
  faces: z.strictObject({ enabled: z.boolean().default(true), fps: Fps.default(5) }).prefault({}),
  objects: z
    .strictObject({
      enabled: z.boolean().default(false),
      fps: Fps.default(5),
      classes: z.array(Text.min(1).max(50)).max(100).default([]),
    })
    .prefault({}),
  /** Pixels of the source frame; smaller faces are not reported. */
  minFaceHeightPx: z.number().int().min(0).max(4096).default(0),
  /** Nothing is looked for in a picture that has not changed; off costs the models a turn for every frame. */
  motionGate: z.boolean().default(true),
  jobs: z.array(Text.min(1).max(100)).max(20).default([]),
});
export type Analysis = z.infer<typeof Analysis>;

export const Zone = z.strictObject({
  id: Text.min(1).max(100),
  name: Text.min(1).max(200),
  kind: z.enum(['include', 'exclude', 'crop', 'line']),
  points: z
    .array(z.tuple([z.number().min(0).max(1), z.number().min(0).max(1)]))
    .min(2)
    .max(100),
  /** Of an `include` zone: who stays so long is told (`dwell`). Default 10. */
  dwellSeconds: z.number().min(1).max(86_400).optional(),
});

/**
 * Zones as their owner draws them. Refused is what would look at nothing, or count nothing, without a word: an area
 * without an inside, a line without a length, two zones of one id. Sides may cross each other.
 */
const DrawnZones = z
  .array(Zone)
  .max(100)
  .superRefine((zones, context) => {
    const ids = new Set<string>();
    zones.forEach(({ id, kind, points }, index) => {
      const refuse = (field: string, message: string) =>
        context.addIssue({ code: 'custom', path: [index, field], message });
      if (ids.has(id)) refuse('id', 'another zone has this id');
      ids.add(id);
      if (kind === 'line' ? !hasLength(points) : !hasInside(points))
        refuse(
          'points',
          kind === 'line' ? 'a line needs two ends' : 'an area needs three corners, not in a row',
        );
    });
  });

type Points = z.infer<typeof Zone>['points'];

function hasLength([first, ...others]: Points): boolean {
  return others.some(([x, y]) => x !== first?.[0] || y !== first[1]);
}

/** Whether not all points lie on one line. */
function hasInside(points: Points): boolean {
  const [first] = points;
  const far = points.find(([x, y]) => x !== first?.[0] || y !== first[1]);
  if (!first || !far) return false;
  const [dx, dy] = [far[0] - first[0], far[1] - first[1]];
  return points.some(([x, y]) => Math.abs(dx * (y - first[1]) - dy * (x - first[0])) > 1e-9);
}

export const Output = z.strictObject({
  /** 1 (smallest) to 100 (best). */
  jpegQuality: z.number().int().min(1).max(100).default(75),
});
export type Output = z.infer<typeof Output>;

const name = Text.trim().min(1).max(200);

/** What the owner of a camera decides. */
const settings = {
  number: z.number().int().min(0).max(1_000_000).nullable().optional(),
  code: z
    .string()
    .max(50)
    .regex(/^CAM\d+$/, 'must look like CAM1')
    .nullable()
    .optional(),
  section: Text.max(200).nullable().optional(),
  siteId: Id.nullable().optional(),
  labels: Labels.optional(),
  require: Labels.optional(),
  prefer: Labels.optional(),
  priority: z.number().int().min(0).max(100).optional(),
  analysis: Analysis.optional(),
  zones: DrawnZones.optional(),
  output: Output.optional(),
};

export const CreateCameraRequest = z.strictObject({ name, source: SourceInput, ...settings });
export type CreateCameraRequest = z.infer<typeof CreateCameraRequest>;

/** Fields that are left out stay as they are. */
export const UpdateCameraRequest = z.strictObject({
  name: name.optional(),
  source: SourceChange.optional(),
  ...settings,
});
export type UpdateCameraRequest = z.infer<typeof UpdateCameraRequest>;

export const StreamStatus = z.object({
  state: z.enum(STREAM_STATES),
  desired: z.enum(['running', 'stopped']),
  workerId: z.string().nullable(),
  epoch: z.number().int(),
  fps: z.number().nullable(),
  width: z.number().int().nullable(),
  height: z.number().int().nullable(),
  codec: z.string().nullable(),
  lastFrameAt: Timestamp.nullable(),
  viewers: z.number().int(),
  restarts: z.number().int(),
  /** A stable code and a plain sentence: `SOURCE_UNAUTHORIZED: The camera refused …`. */
  reason: z.string().optional(),
  /** What the camera asks for and cannot get: `MODEL_UNAVAILABLE: The model …`. */
  analysis: z.object({ objects: z.string().optional() }).optional(),
});
export type StreamStatus = z.infer<typeof StreamStatus>;

export const Camera = z.object({
  id: z.string(),
  name: z.string(),
  number: z.number().int().nullable(),
  code: z.string().nullable(),
  section: z.string().nullable(),
  siteId: z.string().nullable(),
  labels: Labels,
  source: SourceView,
  require: Labels,
  prefer: Labels,
  priority: z.number().int(),
  analysis: Analysis,
  zones: z.array(Zone),
  output: Output,
  desired: z.enum(['running', 'stopped']),
  stream: StreamStatus,
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type Camera = z.infer<typeof Camera>;

export const CameraPage = pageOf(Camera);
export const CameraListQuery = PageQuery;

export const StreamCommandAnswer = z.object({
  commandId: z.string().nullable(),
  state: z.enum(STREAM_STATES),
  workerId: z.string().nullable(),
  epoch: z.number().int(),
  reason: z.string().optional(),
});
export type StreamCommandAnswer = z.infer<typeof StreamCommandAnswer>;

export const FeedQuery = z.strictObject({
  /** Pixels; snaps to the source's width, 1280, 640 (default) or 320. */
  width: z.coerce.number().int().min(1).max(16_384).optional(),
  overlay: z
    .enum(['true', 'false', '1', '0'])
    .transform((value) => value === 'true' || value === '1')
    .default(false),
  fps: z.coerce.number().min(0.1).max(60).optional(),
  ticket: z.string().max(1000).optional(),
});
export type FeedQuery = z.infer<typeof FeedQuery>;

export const SnapshotQuery = z.strictObject({ ticket: z.string().max(1000).optional() });

export const TicketAnswer = z.object({ ticket: z.string(), expiresAt: Timestamp });
export type TicketAnswer = z.infer<typeof TicketAnswer>;
