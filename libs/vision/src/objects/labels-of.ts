import { COCO_CLASSES } from '@camfleet/domain';
import type { ObjectDetectorEntry } from '../models/entry';

/** What a model's scores are scores of, in their order. */
export function labelsOf({ labels }: Pick<ObjectDetectorEntry, 'labels'>): readonly string[] {
  return labels === 'coco' ? COCO_CLASSES : labels;
}
