import { YOLO_TYPES, YoloType } from '@camfleet/protocol';
import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** What a detector calls it, in lower case → what receivers of `SNAPSHOT_READY` call it. What is not in it is not told. */
export type LabelMap = Readonly<Record<string, YoloType>>;

/** The vehicles of COCO; and a detector that was trained on the receivers' own words says them. */
export const DEFAULT_LABEL_MAP: LabelMap = {
  ...Object.fromEntries(YOLO_TYPES.map((type) => [type.toLowerCase(), type])),
  car: 'Car',
  truck: 'LightTruck',
  motorcycle: 'Motorcycle',
  bus: 'CarouselBus',
};

const LabelMapText = z
  .record(z.string().min(1), YoloType)
  .transform((map): LabelMap =>
    Object.fromEntries(Object.entries(map).map(([label, type]) => [label.toLowerCase(), type])),
  );

/** The path of a JSON file that takes the default's place: `{ "car": "Car", "jeepney": "E-Jeepney" }`. */
export const LabelMapFile = z.string().transform((path, context): LabelMap => {
  const refuse = (message: string) => {
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  };
  try {
    const map = LabelMapText.safeParse(JSON.parse(readFileSync(path, 'utf8')));
    if (map.success) return map.data;
    const [issue] = map.error.issues;
    return refuse(`${path}: ${issue?.path.join('.') ?? ''}: must be one of ${YOLO_TYPES.join(', ')}`);
  } catch (error) {
    return refuse(`${path} is no JSON file that can be read: ${error instanceof Error ? error.message : ''}`);
  }
});
