import { CreateCameraRequest, type Camera, type SourceInput } from '@camfleet/protocol';
import { z } from 'zod';
import { isApiError } from '../../api/api-error';
import type { CameraChanges, NewCamera } from '../../api/cameras';
import { advancedErrors, advancedSettings, initialAdvanced, type AdvancedValues } from './advanced-values';
import { analysisErrors, analysisSettings, initialAnalysis, type AnalysisValues } from './analysis-values';

/** The form as typed. An empty password keeps the stored one. */
export interface CameraFormValues extends AdvancedValues, AnalysisValues {
  name: string;
  url: string;
  username: string;
  password: string;
  transport: 'tcp' | 'udp';
  loop: boolean;
  startNow: boolean;
}

export function initialValues(camera: Camera | null): CameraFormValues {
  return {
    name: camera?.name ?? '',
    url: camera?.source.url ?? '',
    username: camera?.source.username ?? '',
    password: '',
    transport: camera?.source.transport ?? 'tcp',
    loop: camera?.source.loop ?? true,
    startNow: true,
    ...initialAdvanced(camera),
    ...initialAnalysis(camera),
  };
}

const schemeOf = (url: string) => /^([a-z]+):/i.exec(url.trim())?.[1]?.toLowerCase();
export const isRtsp = (url: string) => ['rtsp', 'rtsps'].includes(schemeOf(url) ?? '');
export const isFile = (url: string) => schemeOf(url) === 'file';

/** A password that was pasted with the address goes into its own field, where nobody reads it over one's shoulder. */
export function withoutUrlPassword(values: CameraFormValues): CameraFormValues {
  const [, scheme, name, secret, rest] =
    /^([a-z]+:\/\/)([^:@/?#]*):([^@/?#]+)@([^@]*)$/i.exec(values.url.trim()) ?? [];
  if (scheme === undefined || name === undefined || secret === undefined || rest === undefined) return values;
  return { ...values, url: scheme + rest, username: decoded(name), password: decoded(secret) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The source to be tried or saved; what does not apply to the address is left out. */
export function sourceOf(values: CameraFormValues): SourceInput {
  const { url, username, password, transport, loop, exclusive } = values;
  return {
    url: url.trim(),
    ...(username && { username }),
    ...(password && { password }),
    ...(isRtsp(url) && { transport }),
    ...(isFile(url) && { loop }),
    ...(exclusive && { exclusive }),
  };
}

export function newCameraOf(values: CameraFormValues): NewCamera {
  return { name: values.name.trim(), source: sourceOf(values), ...settingsChanges(values, null) };
}

/** Without a password in it the server keeps the one it has; a user name is sent even when it was emptied. */
export function changesOf(values: CameraFormValues, camera: Camera): CameraChanges {
  const { username, exclusive } = values;
  return {
    name: values.name.trim(),
    source: { ...sourceOf(values), username, exclusive: exclusive || null },
    ...settingsChanges(values, camera),
  };
}

type Settings = ReturnType<typeof advancedSettings> & ReturnType<typeof analysisSettings>;

/** What differs from the camera as it is, so that a save undoes nothing that somebody else has changed meanwhile. */
function settingsChanges(values: CameraFormValues, camera: Camera | null): Partial<Settings> {
  const settingsOf = (typed: CameraFormValues): Settings => ({
    ...advancedSettings(typed),
    ...analysisSettings(typed, camera),
  });
  const before = Object.entries(settingsOf(initialValues(camera)));
  return Object.fromEntries(
    Object.entries(settingsOf(values)).filter(([key, value]) => {
      const old = before.find(([name]) => name === key)?.[1];
      return JSON.stringify(old) !== JSON.stringify(value);
    }),
  );
}

export type FormErrors = Partial<Record<keyof CameraFormValues, string>>;

/** What is wrong with the form, by field; the same rules as the server's. */
export function formErrors(values: CameraFormValues): FormErrors {
  const errors: FormErrors = { ...advancedErrors(values), ...analysisErrors(values) };
  if (!values.name.trim()) errors.name = 'Give the camera a name';
  if (!values.url.trim()) errors.url = 'Write the address of the video';
  const issues = CreateCameraRequest.safeParse(newCameraOf(values)).error?.issues ?? [];
  return { ...errorsByField(issues), ...errors };
}

/** `details` of `VALIDATION_FAILED`: the path is written with dots, `source.url`. */
const Issues = z.array(z.object({ path: z.string(), message: z.string() }));

/** The fields that the server found wrong; empty when its error is about something else. */
export function serverFormErrors(error: unknown): FormErrors {
  if (!isApiError(error, 'VALIDATION_FAILED')) return {};
  const issues = Issues.safeParse(error.details).data ?? [];
  return errorsByField(issues.map(({ path, message }) => ({ path: path.split('.'), message })));
}

/** Where each part of a camera is typed: `labels.zone` in `labels`, `source.url` in `url`. */
const FIELDS = [
  'name',
  'url',
  'username',
  'password',
  'transport',
  'exclusive',
  'labels',
  'require',
  'prefer',
  'priority',
  'siteId',
  'zones',
  'minFaceHeightPx',
  'motionGate',
  'jobs',
] as const;

function fieldOf(path: readonly PropertyKey[]): keyof CameraFormValues | undefined {
  if (path[0] === 'analysis' && path[1] === 'faces') return 'facesFps';
  if (path[0] === 'analysis' && path[1] === 'objects')
    return path[2] === 'classes' ? 'objectClasses' : 'objectsFps';
  const key = path[0] === 'source' || path[0] === 'analysis' ? path[1] : path[0];
  return FIELDS.find((known) => known === key);
}

function errorsByField(issues: readonly { path: readonly PropertyKey[]; message: string }[]): FormErrors {
  const errors: FormErrors = {};
  for (const { path, message } of issues) {
    const field = fieldOf(path);
    if (field) errors[field] ??= `It ${message}`.replace(/^It (?!must)/, '');
  }
  return errors;
}
