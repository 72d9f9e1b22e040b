import type { CatalogueEntryText } from './entry';

const FACEPLUGIN = {
  version: '0.0.1',
  licence: 'MIT (as its npm package states)',
  provenance:
    'Published by Faceplugin in the npm package faceplugin-face-recognition-js; what it was trained on is not documented.',
} as const;

const faceplugin = (path: string, sha256: string) =>
  ({ type: 'npm', package: 'faceplugin-face-recognition-js@0.0.1', path, sha256 }) as const;

/** Face detectors, landmarks and embedders that come with Camfleet. Each file is fetched, none is part of it. */
export const FACE_ENTRIES = [
  {
    ...FACEPLUGIN,
    // An Ultra-Light RFB-320 by its looks.
    id: 'faceplugin-detect',
    kind: 'face-detector',
    name: 'faceplugin-detect',
    source: faceplugin(
      'model/fr_detect.onnx',
      '6c0256ccd3164f844736a401faf936ec2930764a87ae39442180887d0c5c8854',
    ),
    input: { name: 'input', channels: 'RGB', width: 320, height: 240, mean: 127, scale: 1 / 128, pad: 127 },
    decoder: { id: 'corners', minScore: 0.65, maxOverlap: 0.3 },
  },
  {
    id: 'yunet',
    kind: 'face-detector',
    name: 'yunet',
    version: '2023mar',
    source: {
      type: 'url',
      url: 'https://github.com/opencv/opencv_zoo/raw/main/models/face_detection_yunet/face_detection_yunet_2023mar.onnx',
      sha256: '8f2383e4dd3cfbb4553ea8718107fc0423210dc964f9f4280604804ed2552fa4',
    },
    licence: 'MIT',
    provenance: 'libfacedetection.train by Shiqi Yu and others, trained on WIDER FACE; in the OpenCV zoo.',
    input: { name: 'input', channels: 'BGR', width: 640, height: 640 },
    decoder: { id: 'yunet', minScore: 0.7, maxOverlap: 0.3 },
  },
  {
    ...FACEPLUGIN,
    id: 'faceplugin-landmark',
    kind: 'face-landmarks',
    name: 'faceplugin-landmark',
    source: faceplugin(
      'model/fr_landmark.onnx',
      'f10b0ba1d2a8a099adefede1ebf3733e44fe370715e7303dbeb7f59c02142258',
    ),
    input: { name: 'input', channels: 'GREY', width: 64, height: 64, scale: 1 / 256 },
  },
  {
    ...FACEPLUGIN,
    id: 'faceplugin-feature',
    kind: 'face-embedder',
    name: 'faceplugin-feature',
    source: faceplugin(
      'model/fr_feature.onnx',
      '87aacdfe57510db2af90c0251df680e8eec88f122ee94712121d09bcaaaf3581',
    ),
    input: { name: 'input', channels: 'BGR', width: 112, height: 112, mean: 127, scale: 1 / 128 },
    dimensions: 512,
    // Of 107 upright photos 95 % reach it; turned by 90°, 180° and 270° none of the 265 faces found does (2.95 at most).
    uprightLength: 3.2,
    // Measured, not tuned: nothing was chosen by these photos. `docs/guides/models.md` says how to do it with others.
    calibration: {
      impostorMean: 0.0165,
      impostorDeviation: 0.1067,
      data: '100 photos of ten people of LFW (well-known men), 4,500 impostor pairs; median face 134 px high, median quality 0.60; a face found in every photo',
      impostorPairs: 4500,
      points: [
        { falseMatchRate: 0.3, score: 0.0731 },
        { falseMatchRate: 0.1, score: 0.1586 },
        { falseMatchRate: 0.03, score: 0.2143 },
        { falseMatchRate: 0.01, score: 0.248 },
      ],
    },
  },
  {
    id: 'sface',
    kind: 'face-embedder',
    name: 'sface',
    version: '2021dec',
    source: {
      type: 'url',
      url: 'https://github.com/opencv/opencv_zoo/raw/main/models/face_recognition_sface/face_recognition_sface_2021dec.onnx',
      sha256: '0ba9fbfa01b5270c96627c4ef784da859931e02f04419c829e83484087c34e79',
    },
    licence: 'Apache-2.0',
    provenance: 'SFace by Yaoyao Zhong and others, a MobileFaceNet; in the OpenCV zoo.',
    input: { name: 'data', channels: 'RGB', width: 112, height: 112 },
    output: 'fc1',
    dimensions: 128,
  },
] as const satisfies readonly CatalogueEntryText[];
