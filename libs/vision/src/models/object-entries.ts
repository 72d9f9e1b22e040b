import type { CatalogueEntryText } from './entry';

/** Object detectors that come with Camfleet: 80 classes of COCO. */
export const OBJECT_ENTRIES = [
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
