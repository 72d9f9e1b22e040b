import { COCO_CLASSES } from '@camfleet/protocol';

/** What cameras see most. */
const FIRST = 'person,bicycle,car,motorcycle,bus,truck,train,boat,airplane,dog,cat,bird'.split(',');

/** What the detectors of objects know; what is chosen most often comes first. */
export const OBJECT_CLASSES: readonly string[] = [...new Set([...FIRST, ...COCO_CLASSES])];
