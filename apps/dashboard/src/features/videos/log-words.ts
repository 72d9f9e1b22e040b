import type { VideoLogEntry } from '@camfleet/protocol';
import { reasonInWords, videoCodeInWords } from '../../api/error-words';
import { sizeInWords } from '../../components/size';
import { lengthInWords, localTime, tookInWords } from '../../components/time';
import { analysisInWords } from './analysis-in-words';

type Fields = VideoLogEntry['data'];

const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);
const number = (value: unknown) => (typeof value === 'number' ? value : undefined);
const listed = (parts: readonly (string | undefined)[]) => parts.filter(Boolean).join(', ');
const job = ({ analysisType }: Fields) => analysisInWords(text(analysisType) ?? 'A job');
const why = ({ error }: Fields) => reasonInWords(text(error) ?? 'Nobody says why.');
const refusal = ({ code, message }: Fields) => videoCodeInWords(text(code) ?? '', text(message)) ?? '';

/** Of what happens to videos; what is not here is shown as it was noted. */
const SENTENCES: Readonly<Record<string, (data: Fields, line: { at: string; worker: string }) => string>> = {
  'video.uploaded': ({ sizeBytes }) => `Uploaded: ${sizeInWords(number(sizeBytes) ?? 0)}.`,
  'video.checked': (data) => `Looked at: ${factsInWords(data)}.`,
  'video.waits': (data) => `Nobody has looked at it yet. ${refusal(data)}`,
  'video.refused': (data) => `Refused. ${refusal(data)}`,
  'video.queued': ({ analyses }) =>
    `Asked for: ${listed(Array.isArray(analyses) ? analyses.map((type) => analysisInWords(String(type))) : [])}.`,
  'video.truncated': (data) => `The file ends in the middle: ${job(data)} is of what there is.`,
  'job.done': (data, line) => `${job(data)}: done by ${line.worker}${spanInWords(data, line.at)}.`,
  'job.failed': (data) =>
    `${job(data)}: attempt ${number(data['attempt']) ?? ''} failed, and is tried again. ${why(data)}`,
  'job.dead': (data) => `${job(data)}: given up at attempt ${number(data['attempt']) ?? ''}. ${why(data)}`,
};

/** What happened, in a sentence; undefined where nobody wrote one. */
export function logInWords(
  { at, event, data }: Pick<VideoLogEntry, 'at' | 'event' | 'data'>,
  workerName: (id: string | null) => string,
): string | undefined {
  return SENTENCES[event]?.(data, { at, worker: workerName(text(data['workerId']) ?? null) }).trim();
}

/** `, begun 10:15:02, in 12 s`. */
function spanInWords({ begunAt }: Fields, at: string): string {
  const begun = text(begunAt);
  const tookMs = Date.parse(at) - Date.parse(begun ?? '');
  if (begun === undefined || Number.isNaN(tookMs)) return '';
  return `, begun ${localTime(begun)}, in ${tookInWords(tookMs)}`;
}

function factsInWords({ durationMs, width, height, fps, codec }: Fields): string {
  const [length, rate] = [number(durationMs), number(fps)];
  return listed([
    length === undefined ? undefined : lengthInWords(length),
    number(width) === undefined ? undefined : `${number(width) ?? ''} × ${number(height) ?? ''}`,
    rate === undefined ? undefined : `${Math.round(rate * 100) / 100} fps`,
    text(codec)?.toUpperCase(),
  ]);
}
