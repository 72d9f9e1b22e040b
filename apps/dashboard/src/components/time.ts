const clockTime = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });
const dayAndTime = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

/** In the viewer's own time zone; the day is left out when it is today. */
export function localTime(iso: string, now = new Date()): string {
  const date = new Date(iso);
  return (date.toDateString() === now.toDateString() ? clockTime : dayAndTime).format(date);
}

export function localDateTime(iso: string): string {
  return dayAndTime.format(new Date(iso));
}

/** `0.4 s`, `12 s`: what people count in tenths while it is short. */
export function secondsInWords(durationMs: number): string {
  return durationMs < 9_950 ? `${(durationMs / 1000).toFixed(1)}\u00a0s` : durationInWords(durationMs);
}

/** `8 s`, `3 min`, `2 h`, `5 d`. */
export function durationInWords(durationMs: number): string {
  const seconds = Math.max(0, Math.round(durationMs / 1000));
  if (seconds < 60) return `${seconds}\u00a0s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}\u00a0min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)}\u00a0h`;
  return `${Math.floor(seconds / 86_400)}\u00a0d`;
}

/** Of a still picture, to the tenth of a second: `0:07.5`. */
export const preciseClockInWords = (timeMs: number) =>
  `${clockInWords(timeMs)}.${Math.floor(Math.max(0, timeMs) / 100) % 10}`;

/** `1 min 49 s`, `2 h 5 min`: how long something lasted that is over. */
export function exactDurationInWords(durationMs: number): string {
  const seconds = Math.max(0, Math.round(durationMs / 1000));
  const [size, part] =
    seconds < 3600 ? [60_000, 1_000] : seconds < 86_400 ? [3_600_000, 60_000] : [86_400_000, 3_600_000];
  const whole = durationInWords(seconds * 1000);
  const rest = Math.floor(((seconds * 1000) % size) / part) * part;
  return seconds < 60 || rest === 0 ? whole : `${whole} ${durationInWords(rest)}`;
}

/** How long work took that is over: tenths while it is short, seconds beside the minutes. */
export const tookInWords = (durationMs: number) =>
  durationMs < 60_000 ? secondsInWords(Math.max(0, durationMs)) : exactDurationInWords(durationMs);

/** An ISO time as `<input type="datetime-local">` holds it: in the viewer's time zone. */
export function toLocalInput(iso: string | undefined): string {
  if (!iso || Number.isNaN(Date.parse(iso))) return '';
  const date = new Date(iso);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** The same with seconds, for inputs with `step={1}`. */
export function toPreciseLocalInput(iso: string | undefined): string {
  const minute = toLocalInput(iso);
  return minute === '' ? '' : `${minute}:${String(new Date(iso ?? 0).getUTCSeconds()).padStart(2, '0')}`;
}

/** The inverse of {@link toLocalInput}. */
export function fromLocalInput(text: string): string | undefined {
  return text && !Number.isNaN(Date.parse(text)) ? new Date(text).toISOString() : undefined;
}

/** How long a video is, to the nearest second; what is something is not `0:00`. */
export const lengthInWords = (durationMs: number) =>
  clockInWords(durationMs > 0 ? Math.max(1_000, Math.round(durationMs / 1000) * 1000) : 0);

/** A place in a video: `0:07`, `12:05`, `1:02:05`. */
export function clockInWords(timeMs: number): string {
  const seconds = Math.max(0, Math.floor(timeMs / 1000));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const two = (part: number) => String(part).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}
