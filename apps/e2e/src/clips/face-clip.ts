import { SAMPLE_PHOTOS, fetchNpmFiles } from '@camfleet/vision';
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const MODELS = join(__dirname, '../../../../.models');
const FOLDER = join(MODELS, 'test');
/** One whole swing of the face: the loop has no seam. */
const SECONDS = 8;
const FPS = 15;
/** Where one face alone is in the first photo. */
const FACE_ALONE = 'crop=440:440:300:180';
const FACE = `${FACE_ALONE},scale=260:260`;

/** One person who is always in sight, in two containers. */
export interface FaceClip {
  /** H.264, annex B, a keyframe each second, for the camera simulator. */
  h264: string;
  /** The same for 20 minutes, for servers that play a file once. */
  mp4: string;
}

const COPY = ['-c', 'copy', '-movflags', '+faststart'];

/** Makes the clip once out of the sample photos, which are fetched and never published. */
export async function faceClip(): Promise<FaceClip> {
  const clip = { h264: await faceStream(), mp4: join(FOLDER, 'face-20-minutes.mp4') };
  if (existsSync(clip.mp4)) return clip;
  // Of the recording: bytes without times cannot be repeated.
  const repeats = (20 * 60) / SECONDS - 1;
  await make(clip.mp4, ['-stream_loop', String(repeats), '-i', await faceRecording(), ...COPY]);
  return clip;
}

/** A recording of {@link faceClip}: the face is at the right after 2 seconds, and at the left after 6. */
export async function faceRecording(): Promise<string> {
  const path = join(FOLDER, 'face-recording.mp4');
  if (!existsSync(path)) await make(path, ['-r', String(FPS), '-i', await faceStream(), ...COPY]);
  return path;
}

async function faceStream(): Promise<string> {
  const path = join(FOLDER, 'face.h264');
  if (!existsSync(path)) await make(path, await drawing('1'));
  return path;
}

/**
 * The person comes every 9 seconds and stays for 3: each time is a visit of its own, since a visit goes on when
 * somebody is back within 5.
 */
export async function visitsClip(): Promise<string> {
  const path = join(FOLDER, 'visits-9s.h264');
  if (!existsSync(path)) await make(path, await drawing('between(t,1,4)', 9));
  return path;
}

/** Photos of the person of the clips: among others, and alone. */
export async function facePhotos(): Promise<{ group: string; alone: string }> {
  await fetchNpmFiles(SAMPLE_PHOTOS, { directory: join(MODELS, 'photos') });
  const photos = { group: join(MODELS, 'photos/sample1.jpg'), alone: join(FOLDER, 'alone.jpg') };
  if (!existsSync(photos.alone))
    await make(photos.alone, ['-i', photos.group, '-vf', FACE_ALONE, '-frames:v', '1', '-q:v', '2']);
  return photos;
}

/**
 * FFmpeg's arguments for a face that swings before a grey wall, with a strip below that changes in every frame.
 * @param inSight when the face is there, as an expression of `t`
 */
async function drawing(inSight: string, seconds = SECONDS): Promise<string[]> {
  const swing = `x='190+110*sin(2*PI*t/${seconds})':y='50+20*sin(4*PI*t/${seconds})'`;
  const filters = [
    `[0]${FACE}[face]`,
    `[1][face]overlay=${swing}:enable='${inSight}'[person]`,
    `[person][2]overlay=x=0:y=320`,
  ].join(';');
  return drawn(filters, { seconds, inputs: [`testsrc2=size=640x40:rate=${FPS}:duration=${seconds}`] });
}

/** A wall before which nothing moves, and the same wall with somebody who stands still before it. */
export async function stillClips(): Promise<{ wall: string; standing: string }> {
  const clips = { wall: join(FOLDER, 'wall.h264'), standing: join(FOLDER, 'standing.h264') };
  const noise = 'noise=alls=6:allf=t';
  if (!existsSync(clips.wall)) await make(clips.wall, await drawn(`[1]${noise}`, { seconds: 4 }));
  const person = `[0]${FACE}[face];[1][face]overlay=x=190:y=50,${noise}`;
  if (!existsSync(clips.standing)) await make(clips.standing, await drawn(person, { seconds: 4 }));
  return clips;
}

/** Somebody crosses the picture from the left to the right every 9 seconds. */
export async function walkingClip(): Promise<string> {
  const path = join(FOLDER, 'walking.h264');
  const filters = `[0]${FACE}[face];[1][face]overlay=x='-260+150*t':y=80`;
  if (!existsSync(path)) await make(path, await drawn(filters, { seconds: 9 }));
  return path;
}

/** The person of the clips on another photo: from the other side, in other light. */
export async function otherPhotoOfTheFace(): Promise<Buffer> {
  const path = join(FOLDER, 'other-photo.jpg');
  await fetchNpmFiles(SAMPLE_PHOTOS, { directory: join(MODELS, 'photos') });
  const filters = `${FACE},hflip,lutyuv=y=gammaval(0.7)`;
  if (!existsSync(path))
    await make(path, ['-i', join(MODELS, 'photos/sample1.jpg'), '-vf', filters, '-q:v', '2']);
  return readFile(path);
}

/** FFmpeg's arguments for what filters make of the first photo (0), a wall (1) and further inputs (2 …). */
async function drawn(
  filters: string,
  { seconds, inputs = [] }: { seconds: number; inputs?: readonly string[] },
): Promise<string[]> {
  await fetchNpmFiles(SAMPLE_PHOTOS, { directory: join(MODELS, 'photos') });
  const wall = `color=0x808890:size=640x360:rate=${FPS}:duration=${seconds}`;
  return [
    ...['-loop', '1', '-framerate', String(FPS), '-t', String(seconds)],
    ...['-i', join(MODELS, 'photos/sample1.jpg')],
    ...[wall, ...inputs].flatMap((input) => ['-f', 'lavfi', '-i', input]),
    ...['-filter_complex', `${filters},format=yuv420p`],
    ...['-c:v', 'libx264', '-preset', 'veryfast', '-bf', '0', '-g', String(FPS)],
    ...['-x264-params', 'scenecut=0:repeat-headers=1', '-frames:v', String(seconds * FPS)],
  ];
}

/** The file appears whole or not at all. */
async function make(path: string, args: readonly string[]): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  const partial = path.replace(/(\.\w+)$/, '.partial$1');
  await run('ffmpeg', ['-v', 'error', '-y', ...args, partial]);
  renameSync(partial, path);
}
