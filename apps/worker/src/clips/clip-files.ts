import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

const ENDING = '.mp4';
/** What waits for the API; beyond it the oldest clips go. */
const MAX_WAITING_BYTES = 512 * 1024 * 1024;

export interface WaitingClip {
  eventId: string;
  /** Capture time of its first picture, Unix ms. */
  startMs: number;
  path: string;
  sizeBytes: number;
}

/** A file name says when the clip begins and of which event it is, so that it needs nothing beside it. */
export function clipPath(
  directory: string,
  { startMs, eventId }: { startMs: number; eventId: string },
): string {
  return join(directory, `${Math.round(startMs)}-${encodeURIComponent(eventId)}${ENDING}`);
}

const NAME = /^(?<startMs>\d+)-(?<eventId>.+)\.mp4$/;

/** Those that begin first come first: by the fleet's clock, not by the disk's. */
export async function waitingClips(directory: string): Promise<WaitingClip[]> {
  const clips = await Promise.all(
    (await readdir(directory)).map(async (name) => {
      const { startMs, eventId } = NAME.exec(name)?.groups ?? {};
      if (startMs === undefined || eventId === undefined) return [];
      const path = join(directory, name);
      const { size: sizeBytes } = await stat(path);
      return [{ eventId: decodeURIComponent(eventId), startMs: Number(startMs), path, sizeBytes }];
    }),
  );
  return clips.flat().sort((a, b) => a.startMs - b.startMs);
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
