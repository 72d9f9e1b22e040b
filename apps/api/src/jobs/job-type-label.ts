import { VIDEO_ANALYSES } from '@camfleet/protocol';

/** Camfleet's own analyses, and the one of the workers that were there before it. */
const COUNTED_ALONE: ReadonlySet<string> = new Set([...VIDEO_ANALYSES, 'classification', 'yolo_boxes']);

/** Whoever may enqueue names analyses as they like, and figures are kept for each: all others are counted as one. */
export function jobTypeLabel(analysisType: string): string {
  return COUNTED_ALONE.has(analysisType) ? analysisType : 'other';
}
