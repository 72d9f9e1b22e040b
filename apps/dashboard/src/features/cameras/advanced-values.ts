import { Analysis, type Camera } from '@camfleet/protocol';
import type { NewCamera } from '../../api/cameras';
import { labelsOf, tagsOf, wrongTag } from './label-tags';

/** The part of the form that few need, as typed. Labels are written `name=value`. */
export interface AdvancedValues {
  faces: boolean;
  facesFps: number | string;
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
  const analysis = camera?.analysis ?? Analysis.parse({});
  return {
    faces: analysis.faces.enabled,
    facesFps: analysis.faces.fps,
    labels: tagsOf(camera?.labels ?? {}),
    require: tagsOf(camera?.require ?? {}),
    prefer: tagsOf(camera?.prefer ?? {}),
    priority: camera?.priority ?? DEFAULT_PRIORITY,
    siteId: camera?.siteId ?? '',
    exclusive: camera?.source.exclusive ?? false,
  };
}

type AdvancedSettings = Pick<NewCamera, 'analysis' | 'labels' | 'require' | 'prefer' | 'priority' | 'siteId'>;

/** What differs from the camera as it is, so that a save undoes nothing that somebody else has changed meanwhile. */
export function advancedChanges(values: AdvancedValues, camera: Camera | null): AdvancedSettings {
  const before = settingsOf(initialAdvanced(camera), camera);
  const after = settingsOf(values, camera);
  return Object.fromEntries(
    Object.entries(after).filter(([key, value]) => {
      const old = Object.entries(before).find(([name]) => name === key)?.[1];
      return JSON.stringify(old) !== JSON.stringify(value);
    }),
  );
}

function settingsOf(values: AdvancedValues, camera: Camera | null): AdvancedSettings {
  return {
    // Analysis is replaced as a whole: what this form does not show stays as it is.
    analysis: { ...camera?.analysis, faces: { enabled: values.faces, fps: Number(values.facesFps) } },
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
  if (!isWithin(values.facesFps, { least: 0.1, most: 60 })) errors.facesFps = 'Between 0.1 and 60';
  if (!isWithin(values.priority, { least: 0, most: 100 }) || !Number.isInteger(Number(values.priority)))
    errors.priority = 'A whole number between 0 and 100';
  for (const field of ['labels', 'require', 'prefer'] as const) {
    const wrong = wrongTag(values[field]);
    if (wrong) errors[field] = wrong;
  }
  return errors;
}

function isWithin(typed: number | string, { least, most }: { least: number; most: number }): boolean {
  return typed !== '' && Number(typed) >= least && Number(typed) <= most;
}
