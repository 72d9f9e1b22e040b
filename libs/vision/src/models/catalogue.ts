export type ModelKind = 'face-detector' | 'face-landmarks' | 'face-embedder';

export interface TensorShape {
  name: string;
  /** Batch first, then channels, rows and columns where the tensor is a picture. */
  shape: readonly number[];
}

/** A model that can be fetched, verified and run. */
export interface CatalogueModel {
  id: string;
  kind: ModelKind;
  name: string;
  version: string;
  /** The file's name in the models folder. */
  file: string;
  sha256: string;
  npm: { package: string; path: string };
  licence: string;
  /** What is known of where it comes from, in one sentence. */
  provenance: string;
  input: TensorShape;
  outputs: readonly TensorShape[];
  thresholds: Readonly<Record<string, number>>;
}

const FACEPLUGIN = {
  version: '0.0.1',
  licence: 'MIT (as its npm package states)',
  provenance:
    'Published by Faceplugin in the npm package faceplugin-face-recognition-js; what it was trained on is not documented.',
} as const;
const FACEPLUGIN_PACKAGE = 'faceplugin-face-recognition-js@0.0.1';

/** An Ultra-Light RFB-320 by its looks: RGB, (x - 127) / 128. Boxes come out as corners, fractions of its input. */
export const FACE_DETECTOR = {
  ...FACEPLUGIN,
  id: 'faceplugin-detect',
  kind: 'face-detector',
  name: 'faceplugin-detect',
  file: 'fr_detect.onnx',
  sha256: '6c0256ccd3164f844736a401faf936ec2930764a87ae39442180887d0c5c8854',
  npm: { package: FACEPLUGIN_PACKAGE, path: 'model/fr_detect.onnx' },
  input: { name: 'input', shape: [1, 3, 240, 320] },
  outputs: [
    { name: 'scores', shape: [1, 4420, 2] },
    { name: 'boxes', shape: [1, 4420, 4] },
  ],
  thresholds: { score: 0.65, overlap: 0.3 },
} as const satisfies CatalogueModel;

/** The 68 points of the iBUG scheme on a grey square, x / 256; they come out as fractions of the square. */
export const FACE_LANDMARKS = {
  ...FACEPLUGIN,
  id: 'faceplugin-landmark',
  kind: 'face-landmarks',
  name: 'faceplugin-landmark',
  file: 'fr_landmark.onnx',
  sha256: 'f10b0ba1d2a8a099adefede1ebf3733e44fe370715e7303dbeb7f59c02142258',
  npm: { package: FACEPLUGIN_PACKAGE, path: 'model/fr_landmark.onnx' },
  input: { name: 'input', shape: [1, 1, 64, 64] },
  outputs: [{ name: 'output', shape: [1, 136] }],
  thresholds: {},
} as const satisfies CatalogueModel;

/** 512 numbers of an aligned face: BGR, (x - 127) / 128. Two of one person have a cosine above `samePerson`. */
export const FACE_EMBEDDER = {
  ...FACEPLUGIN,
  id: 'faceplugin-feature',
  kind: 'face-embedder',
  name: 'faceplugin-feature',
  file: 'fr_feature.onnx',
  sha256: '87aacdfe57510db2af90c0251df680e8eec88f122ee94712121d09bcaaaf3581',
  npm: { package: FACEPLUGIN_PACKAGE, path: 'model/fr_feature.onnx' },
  input: { name: 'input', shape: [1, 3, 112, 112] },
  outputs: [{ name: 'output', shape: [1, 512] }],
  thresholds: { samePerson: 0.4 },
} as const satisfies CatalogueModel;

/** What a worker needs to run. */
export const DEFAULT_MODELS: readonly CatalogueModel[] = [FACE_DETECTOR, FACE_LANDMARKS, FACE_EMBEDDER];
