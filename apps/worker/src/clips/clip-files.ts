import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

const ENDING = '.mp4';
/** What waits for the API; beyond it the oldest clips go. */
const MAX_WAITING_BYTES = 512 * 1024 * 1024;

export interface WaitingClip {
  eventId: string;
  path: string;
  sizeBytes: number;
  writtenAtMs: number;
}

/** A file name bears the event's id, so that a clip needs nothing beside it. */
export function clipPath(directory: string, eventId: string): string {
  return join(directory, `${encodeURIComponent(eventId)}${ENDING}`);
}

/** Oldest first. */
export async function waitingClips(directory: string): Promise<WaitingClip[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith(ENDING));
  const clips = await Promise.all(
    names.map(async (name) => {
      const path = join(directory, name);
      const { size: sizeBytes, mtimeMs: writtenAtMs } = await stat(path);
      const eventId = decodeURIComponent(name.slice(0, -ENDING.length));
      return { eventId, path, sizeBytes, writtenAtMs };
    }),
  );
  return clips.sort((a, b) => a.writtenAtMs - b.writtenAtMs);
}

/** Removes what a killed process left half written. */
export async function removeHalfWritten(directory: string): Promise<void> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.part'));
  await Promise.all(names.map((name) => rm(join(directory, name), { force: true })));
}

/** Removes the oldest beyond the bound. Answers those that stay, and how many went. */
export async function withinBound(
  clips: readonly WaitingClip[],
): Promise<{ kept: WaitingClip[]; lost: number }> {
  let bytes = 0;
  const kept: WaitingClip[] = [];
  const lost: WaitingClip[] = [];
  for (const clip of [...clips].reverse()) {
    bytes += clip.sizeBytes;
    (bytes <= MAX_WAITING_BYTES ? kept : lost).push(clip);
  }
  await Promise.all(lost.map(({ path }) => rm(path, { force: true })));
  return { kept: kept.reverse(), lost: lost.length };
}
