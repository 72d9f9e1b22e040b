import { Analysis, type Camera } from '@camfleet/protocol';
import type { NewCamera } from '../../api/cameras';
import { analysisInWords, analysisOf } from '../videos/analysis-in-words';
import { isWithin } from './is-within';

/** What a camera is looked at for, as typed. */
export interface AnalysisValues {
  faces: boolean;
  facesFps: number | string;
  minFaceHeightPx: number | string;
  objects: boolean;
  objectsFps: number | string;
  objectClasses: string[];
  motionGate: boolean;
  /** What clips of visits are looked through for, in words. */
  jobs: string[];
  zones: Zone[];
}

export type Zone = Camera['zones'][number];

export function initialAnalysis(camera: Camera | null): AnalysisValues {
  const { faces, objects, minFaceHeightPx, motionGate, jobs } = camera?.analysis ?? Analysis.parse({});
  return {
    faces: faces.enabled,
    facesFps: faces.fps,
    minFaceHeightPx,
    objects: objects.enabled,
    objectsFps: objects.fps,
    objectClasses: objects.classes,
    motionGate,
    jobs: jobs.map(analysisInWords),
    zones: camera?.zones ?? [],
  };
}

/** As the server takes it: analysis is replaced as a whole, so what this form does not show stays as it is. */
export function analysisSettings(
  values: AnalysisValues,
  camera: Camera | null,
): Pick<NewCamera, 'analysis' | 'zones'> {
  const { faces, facesFps, objects, objectsFps, objectClasses, minFaceHeightPx, motionGate, jobs } = values;
  return {
    analysis: {
      ...camera?.analysis,
      faces: { enabled: faces, fps: Number(facesFps) },
      objects: { enabled: objects, fps: Number(objectsFps), classes: objectClasses },
      minFaceHeightPx: Number(minFaceHeightPx),
      motionGate,
      jobs: jobs.map(analysisOf),
    },
    zones: values.zones,
  };
}

export type AnalysisErrors = Partial<Record<keyof AnalysisValues, string>>;

/** The same rules as the server's, in words. */
export function analysisErrors(values: AnalysisValues): AnalysisErrors {
  const errors: AnalysisErrors = {};
  for (const field of ['facesFps', 'objectsFps'] as const)
    if (!isWithin(values[field], { least: 0.1, most: 60 })) errors[field] = 'Between 0.1 and 60';
  const { minFaceHeightPx } = values;
  if (!isWithin(minFaceHeightPx, { least: 0, most: 4096 }) || !Number.isInteger(Number(minFaceHeightPx)))
    errors.minFaceHeightPx = 'A whole number between 0 and 4096';
  if (values.zones.some(({ name }) => !name.trim())) errors.zones = 'Give each zone a name';
  return errors;
}
