import { ProcessRequest, VIDEO_ANALYSES, type Sampling } from '@camfleet/protocol';
import { z } from 'zod';
import { issueInWords } from '../../api/issue-in-words';
import { fromLocalInput, toPreciseLocalInput } from '../../components/time';

/** What the form holds: text where people type. */
export interface AnalyseValues {
  analyses: string[];
  /** `''`: as each analysis does by itself. */
  sampling: Sampling | '';
  sampleFps: number | string;
  frameStride: number | string;
  cameraCode: string;
  /** As `<input type="datetime-local">` holds it. */
  recordedAt: string;
  /** As the video has it: what is not touched keeps its milliseconds. */
  recordedBefore?: string | undefined;
}

export const valuesOf = (video: { recordedAt?: string } | null): AnalyseValues => ({
  analyses: [...VIDEO_ANALYSES],
  sampling: '',
  sampleFps: 1,
  frameStride: 3,
  cameraCode: '',
  recordedAt: toPreciseLocalInput(video?.recordedAt),
  recordedBefore: video?.recordedAt,
});

/** What is sent; only what the chosen sampling goes by. */
export function requestOf(values: AnalyseValues): ProcessRequest {
  const { sampling, sampleFps, frameStride } = values;
  const cameraCode = values.cameraCode.trim();
  const isTouched = values.recordedAt !== toPreciseLocalInput(values.recordedBefore);
  const recordedAt = isTouched ? fromLocalInput(values.recordedAt) : values.recordedBefore;
  return {
    analyses: VIDEO_ANALYSES.filter((analysis) => values.analyses.includes(analysis)),
    ...(sampling !== '' && { sampling }),
    ...((sampling === 'fps' || sampling === 'adaptive') && { sampleFps: Number(sampleFps) }),
    ...(sampling === 'stride' && { frameStride: Number(frameStride) }),
    ...(cameraCode && { cameraCode }),
    ...(recordedAt !== undefined && { recordedAt }),
  };
}

/** What is wrong, for each field, in the words of the schema that the server checks it with. */
export function problemsOf(values: AnalyseValues): Partial<Record<keyof AnalyseValues, string>> {
  if (values.analyses.length === 0) return { analyses: 'Choose at least one.' };
  const checked = ProcessRequest.safeParse(requestOf(values));
  if (checked.success) return {};
  return Object.fromEntries(
    checked.error.issues.map((issue) => [
      String(issue.path[0]),
      issueInWords(new z.ZodError([issue])) ?? issue.message,
    ]),
  );
}
