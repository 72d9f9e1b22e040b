import { z } from 'zod';
import { PictureInput } from './picture-input';

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hex digits');
const Name = z.string().min(1).max(200);
const OnnxName = z.string().min(1);
const Share = z.number().min(0).max(1);
const Strides = z.array(z.number().int().min(1)).min(1);

const NpmSource = z.strictObject({
  type: z.literal('npm'),
  /** `name@version`. */
  package: z.string().regex(/^(@[\w.-]+\/)?[\w.-]+@[\w.+-]+$/, 'must be name@version'),
  /** Inside the package. */
  path: z.string().min(1),
  sha256: Sha256,
  /** Files that belong to it, as the weights of a tfjs graph. */
  with: z.array(z.strictObject({ path: z.string().min(1), sha256: Sha256 })).default([]),
});
const UrlSource = z.strictObject({
  type: z.literal('url'),
  url: z.url({ protocol: /^https?$/ }),
  sha256: Sha256,
});
const FileSource = z.strictObject({
  type: z.literal('file'),
  /** Absolute, or from the folder of the catalogue. */
  path: z.string().min(1),
  /** Without it any content is taken. */
  sha256: Sha256.optional(),
});

const Base = z.strictObject({
  /** What `FACE_DETECTOR`, `FACE_EMBEDDER`, `OBJECT_DETECTOR` name it by. */
  id: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._-]{0,99}$/, 'may hold lower-case letters, digits, ".", "_" and "-"'),
  /** Name and version stand in every embedding: only those that agree in both are ever compared. */
  name: Name,
  version: Name,
  source: z.discriminatedUnion('type', [NpmSource, UrlSource, FileSource]),
  /** What the file is; anything but ONNX is converted when it is fetched. */
  format: z.enum(['onnx', 'tfjs-graph']).default('onnx'),
  licence: Name,
  /** What is known of where it comes from, in one sentence. */
  provenance: Name.max(1000),
  input: PictureInput,
});

const Detecting = { minScore: Share, maxOverlap: Share };

/** How a face detector's outputs become boxes. */
const FaceDecoder = z.discriminatedUnion('id', [
  /** Softmaxed pairs (background, face) and corners as fractions of the input. */
  z.strictObject({
    id: z.literal('corners'),
    ...Detecting,
    scores: OnnxName.default('scores'),
    boxes: OnnxName.default('boxes'),
  }),
  /** Anchor-free, by stride `cls_8 obj_8 bbox_8 kps_8` …; five points come with each box. */
  z.strictObject({ id: z.literal('yunet'), ...Detecting, strides: Strides.default([8, 16, 32]) }),
]);
export type FaceDecoder = z.infer<typeof FaceDecoder>;

/** How an object detector's outputs become boxes of classes. */
const ObjectDecoder = z.discriminatedUnion('id', [
  /** Centre, log size, objectness and class scores of each cell, strides in this order. */
  z.strictObject({
    id: z.literal('yolox'),
    ...Detecting,
    output: OnnxName.default('output'),
    strides: Strides.default([8, 16, 32]),
  }),
  /** Class scores, and the four distances of each cell as distributions over `bins`. */
  z.strictObject({
    id: z.literal('nanodet'),
    ...Detecting,
    strides: Strides.default([8, 16, 32]),
    bins: z.number().int().min(2).default(11),
    /** Outputs, one of each for a stride. */
    scores: z.array(OnnxName).default(['Identity', 'Identity_1', 'Identity_2']),
    distances: z.array(OnnxName).default(['Identity_3', 'Identity_4', 'Identity_5']),
  }),
  /** Peaks of a heat map at a quarter of the input. */
  z.strictObject({
    id: z.literal('centernet'),
    minScore: Share,
    keypoints: OnnxName.default('tower_0/keypoints'),
    peaks: OnnxName.default('tower_0/max_pooling2d/MaxPool'),
    sides: OnnxName.default('tower_0/wh'),
  }),
]);
export type ObjectDecoder = z.infer<typeof ObjectDecoder>;

const PixelPoint = z.tuple([z.number(), z.number()]);
const FivePoints = z.tuple([PixelPoint, PixelPoint, PixelPoint, PixelPoint, PixelPoint]);

const Rate = z.number().positive().max(0.5);
const Cosine = z.number().min(-1).max(1);
/** A published threshold may be a Euclidean distance of vectors of length 1: 0 to 2. */
const CalibrationPoint = z.union([
  z.strictObject({ falseMatchRate: Rate, score: Cosine }),
  z
    .strictObject({ falseMatchRate: Rate, distance: z.number().min(0).max(2) })
    .transform(({ falseMatchRate, distance }) => ({ falseMatchRate, score: 1 - distance ** 2 / 2 })),
]);
const CalibrationBlock = z.strictObject({
  impostorMean: Cosine,
  impostorDeviation: z.number().positive().max(1),
  data: z.string().min(1).max(2000),
  impostorPairs: z.number().int().min(0).optional(),
  points: z.array(CalibrationPoint).max(100).default([]),
});

export const FaceDetectorEntry = Base.extend({
  kind: z.literal('face-detector'),
  decoder: FaceDecoder,
});
export type FaceDetectorEntry = z.infer<typeof FaceDetectorEntry>;

/** 68 points of the iBUG scheme as fractions of a grey square as high as the face. */
export const FaceLandmarksEntry = Base.extend({
  kind: z.literal('face-landmarks'),
  output: OnnxName.default('output'),
});
export type FaceLandmarksEntry = z.infer<typeof FaceLandmarksEntry>;

export const FaceEmbedderEntry = Base.extend({
  kind: z.literal('face-embedder'),
  output: OnnxName.default('output'),
  dimensions: z.number().int().min(2).max(4096),
  /** Eyes, nose and corners of the mouth in the input, in pixels; `arcface` in a square of any size. */
  template: z.union([z.literal('arcface'), FivePoints]).default('arcface'),
  /** Upright faces give vectors of this length, before they are brought to 1, and turned ones hardly do. */
  uprightLength: z.number().positive().optional(),
  /** Without it no score means anything, and nobody is named automatically. */
  calibration: CalibrationBlock.optional(),
});
export type FaceEmbedderEntry = z.infer<typeof FaceEmbedderEntry>;

export const ObjectDetectorEntry = Base.extend({
  kind: z.literal('object-detector'),
  decoder: ObjectDecoder,
  /** The classes in the order of the scores; `coco`: its 80. */
  labels: z.union([z.literal('coco'), z.array(Name).min(1)]).default('coco'),
});
export type ObjectDetectorEntry = z.infer<typeof ObjectDetectorEntry>;

const Activation = z.enum(['none', 'softmax', 'sigmoid']);
/** One number a label, `[1, labels]`. */
const LabelHead = z.strictObject({
  output: OnnxName,
  /** What makes confidences of the numbers; `none`: they are that already. */
  activation: Activation.default('softmax'),
  labels: z.array(Name).min(1).max(10_000),
  /** Below it nothing is said. */
  minConf: Share.default(0),
});
export type LabelHead = z.infer<typeof LabelHead>;

/** Finish, base and lightness in one: a paint. */
const Paint = z.strictObject({
  finish: z.enum(['Matte', 'Metallic']).nullable().default(null),
  base: Name,
  lightness: Name.nullable().default(null),
});
const ColourHead = z.strictObject({
  output: OnnxName,
  activation: Activation.default('sigmoid'),
  labels: z.array(Paint).min(1).max(1_000),
  /** The surest one is always said; a second and a third from this confidence on. */
  minConf: Share.default(0.3),
  max: z.number().int().min(1).max(3).default(3),
});
export type ColourHead = z.infer<typeof ColourHead>;

/** Characters by position, `[1, positions, characters]`, as CTC writes them: repeats and blanks drop out. */
const PlateHead = z.strictObject({
  output: OnnxName,
  activation: Activation.default('softmax'),
  /** One character an index; the blank may be any that no plate has. */
  alphabet: Name.max(1_000),
  blank: z.number().int().min(0).default(0),
  minConf: Share.default(0.5),
});
export type PlateHead = z.infer<typeof PlateHead>;

/** Which makes a type has, and which models a make. */
export const Taxonomy = z.record(Name, z.record(Name, z.array(Name)));
export type Taxonomy = z.infer<typeof Taxonomy>;

const CLASSIFIER_SIDE = 640;

/** Says of a vehicle's snapshot what it shows. */
export const ClassifierEntry = Base.extend({
  kind: z.literal('classifier'),
  licence: Name.default('not said'),
  provenance: Name.max(1000).default('not said'),
  format: z.literal('onnx').default('onnx'),
  /** `[1, 3, 640, 640]`. */
  input: PictureInput.extend({
    layout: z.literal('NCHW').default('NCHW'),
    channels: z.enum(['RGB', 'BGR']).default('RGB'),
    width: z.literal(CLASSIFIER_SIDE).default(CLASSIFIER_SIDE),
    height: z.literal(CLASSIFIER_SIDE).default(CLASSIFIER_SIDE),
  }),
  heads: z.strictObject({
    type: LabelHead.optional(),
    make: LabelHead.optional(),
    model: LabelHead.optional(),
    colors: ColourHead.optional(),
    plate: PlateHead.optional(),
  }),
  /** With it a make is one of the type's, and a model one of the make's. */
  taxonomy: Taxonomy.optional(),
});
export type ClassifierEntry = z.infer<typeof ClassifierEntry>;

/** A model that can be fetched, verified and run: everything that is known of it, as data. */
export const CatalogueEntry = z.discriminatedUnion('kind', [
  FaceDetectorEntry,
  FaceLandmarksEntry,
  FaceEmbedderEntry,
  ObjectDetectorEntry,
  ClassifierEntry,
]);
export type CatalogueEntry = z.infer<typeof CatalogueEntry>;
/** As it is written: what has a default may be left out. */
export type CatalogueEntryText = z.input<typeof CatalogueEntry>;
