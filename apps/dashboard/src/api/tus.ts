import { ErrorBody } from '@camfleet/protocol';
import { DetailedError, Upload, defaultOptions, type PreviousUpload } from 'tus-js-client';
import { ApiError, OFFLINE, UNEXPECTED_ANSWER } from './api-error';
import { videoCodeInWords } from './error-words';

const ENDPOINT = '/api/uploads';
/** Tried again by itself, for about ten minutes: a server may be updated meanwhile. Then a person has to say so. */
const RETRY_DELAYS_MS = [500, 1_000, 2_000, 4_000, 8_000, ...Array<number>(40).fill(15_000)];
/** The file was looked at, or is too large: the same one would be turned down again. */
const FINAL: readonly string[] = [
  'UNSUPPORTED_MEDIA_TYPE',
  'VIDEO_UNREADABLE',
  'VIDEO_TOO_LARGE',
  'BODY_TOO_LARGE',
];

export interface TusEvents {
  onProgress(sentBytes: number): void;
  onDone(videoId: string): void;
  onHeld(): void;
  onFailed(problem: string, options?: { final?: boolean }): void;
}

/** What the server is told with the first request, and follows even when this page is closed. */
export interface TusFile {
  file: File;
  recordedAt?: string | undefined;
  analyses: readonly string[];
}

/**
 * Sends a file by tus. What the server has of the same file, from before a pause or a reload, is not sent again.
 * @param userId whose upload it is: another user of this browser does not go on with it
 */
export function startTusUpload(sent: TusFile, { userId, events }: { userId: string; events: TusEvents }) {
  const { file, recordedAt, analyses } = sent;
  const upload = new Upload(file, {
    endpoint: ENDPOINT,
    metadata: {
      filename: file.name,
      filetype: file.type,
      ...(recordedAt !== undefined && { recordedAt }),
      ...(analyses.length > 0 && { analyses: analyses.join() }),
    },
    fingerprint: () => Promise.resolve(fingerprintOf(file, userId)),
    retryDelays: RETRY_DELAYS_MS,
    removeFingerprintOnSuccess: true,
    onProgress: (sentBytes) => events.onProgress(sentBytes),
    onSuccess: () => events.onDone(videoIdOf(upload)),
    onShouldRetry: (error) => {
      const isWorthIt = mayPass(error.originalResponse?.getStatus() ?? 0);
      if (isWorthIt) events.onHeld();
      return isWorthIt;
    },
    onError: (error) => {
      const { code, message } = asApiError(error);
      const final = FINAL.includes(code);
      if (final) void upload.findPreviousUploads().then((all) => Promise.all(all.map(forget)));
      events.onFailed(videoCodeInWords(code, message) ?? message, { final });
    },
  });
  const paused = new AbortController();
  void upload.findPreviousUploads().then(([before]) => {
    if (paused.signal.aborted) return;
    if (before) upload.resumeFromPreviousUpload(before);
    upload.start();
  });
  const stop = (forGood: boolean) => {
    paused.abort();
    // What the server could not be told it finds out by itself: uploads that rest are given up there.
    void upload.abort(forGood).catch(() => undefined);
  };
  return { pause: () => stop(false), cancel: () => stop(true) };
}

/** No answer, another request that still holds the upload, or a server in trouble. */
const mayPass = (status: number) => status === 0 || status === 409 || status === 423 || status >= 500;

const prefixOf = (userId: string) => `camfleet:${userId}:`;
const fingerprintOf = (file: File, userId: string) =>
  `${prefixOf(userId)}${file.name}:${file.type}:${file.size}:${file.lastModified}`;

/** `Location` ends in the video's id. */
const videoIdOf = ({ url }: Upload) => decodeURIComponent(url?.split('/').at(-1) ?? '');

function asApiError(error: Error): ApiError {
  const response = error instanceof DetailedError ? error.originalResponse : null;
  if (!response) return new ApiError(OFFLINE, 'The server cannot be reached.', { cause: error });
  const status = response.getStatus();
  const known = ErrorBody.safeParse(parsed(response.getBody()));
  if (!known.success)
    return new ApiError(UNEXPECTED_ANSWER, `The server answered ${status}.`, { status, cause: error });
  const { code, message, details } = known.data.error;
  return new ApiError(code, message, { status, details, cause: error });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** An upload that a reload or a closed browser cut off: it goes on when the same file is chosen again. */
export interface InterruptedUpload {
  key: string;
  fileName: string;
  sizeBytes: number | null;
}

const KEY_PREFIX = 'tus::';

export async function interruptedUploads(userId: string): Promise<InterruptedUpload[]> {
  const all = await defaultOptions.urlStorage.findAllUploads();
  const own = all.filter(({ urlStorageKey }) => urlStorageKey.startsWith(KEY_PREFIX + prefixOf(userId)));
  return own.map(({ urlStorageKey, metadata, size }: PreviousUpload) => ({
    key: urlStorageKey,
    fileName: metadata['filename'] ?? '',
    sizeBytes: size,
  }));
}

export async function forgetUpload({ key }: Pick<InterruptedUpload, 'key'>): Promise<void> {
  await defaultOptions.urlStorage.removeUpload(key);
}

const forget = ({ urlStorageKey: key }: PreviousUpload) => forgetUpload({ key });

/** Whether the server had some of this file; uploads that rest for long it forgets. */
export async function isInterrupted(file: File, userId: string): Promise<boolean> {
  const { urlStorage } = defaultOptions;
  return (await urlStorage.findUploadsByFingerprint(fingerprintOf(file, userId))).length > 0;
}
