import type { Camera } from '@camfleet/protocol';
import type { NewCamera } from '../../api/cameras';
import { isWithin } from './is-within';
import { labelsOf, tagsOf, wrongTag } from './label-tags';

/** The part of the form that few need, as typed. Labels are written `name=value`. */
export interface AdvancedValues {
  labels: string[];
  require: string[];
  prefer: string[];
  priority: number | string;
  siteId: string;
  exclusive: boolean;
}

/** What the server fills in for a new camera. */
const DEFAULT_PRIORITY = 50;

export function initialAdvanced(camera: Camera | null): AdvancedValues {
  return {
    labels: tagsOf(camera?.labels ?? {}),
    require: tagsOf(camera?.require ?? {}),
    prefer: tagsOf(camera?.prefer ?? {}),
    priority: camera?.priority ?? DEFAULT_PRIORITY,
    siteId: camera?.siteId ?? '',
    exclusive: camera?.source.exclusive ?? false,
  };
}

export function advancedSettings(
  values: AdvancedValues,
): Pick<NewCamera, 'labels' | 'require' | 'prefer' | 'priority' | 'siteId'> {
  return {
    labels: labelsOf(values.labels),
    require: labelsOf(values.require),
    prefer: labelsOf(values.prefer),
    priority: Number(values.priority),
    siteId: values.siteId.trim() || null,
  };
}

export type AdvancedErrors = Partial<Record<keyof AdvancedValues, string>>;

/** The same rules as the server's, in words. */
export function advancedErrors(values: AdvancedValues): AdvancedErrors {
  const errors: AdvancedErrors = {};
  if (!isWithin(values.priority, { least: 0, most: 100 }) || !Number.isInteger(Number(values.priority)))
    errors.priority = 'A whole number between 0 and 100';
  for (const field of ['labels', 'require', 'prefer'] as const) {
    const wrong = wrongTag(values[field]);
    if (wrong) errors[field] = wrong;
  }
  return errors;
}
