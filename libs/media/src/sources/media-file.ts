import { realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, sep } from 'node:path';
import { fromSystemError, sourceError } from './source-failure';

async function realFile(path: string): Promise<string | undefined> {
  try {
    return await realpath(path);
  } catch {
    return undefined;
  }
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/**
 * The real path of a `file:` source, links followed, which lies inside the media folder.
 * @throws SourceError `SOURCE_INVALID` outside of it, `SOURCE_NOT_FOUND`, `SOURCE_UNSUPPORTED` when no plain file
 */
export async function resolveMediaFile(path: string, mediaDirectory: string | undefined): Promise<string> {
  if (!mediaDirectory)
    throw sourceError('SOURCE_INVALID', 'This worker has no media folder for file sources.');
  const root = await realpath(mediaDirectory).catch((error: unknown) => {
    throw fromSystemError(error);
  });
  const inside = (real: string) => real.startsWith(root + sep);
  let outside = false;
  for (const name of [path, decoded(path)]) {
    for (const candidate of [...(isAbsolute(name) ? [name] : []), join(root, name)]) {
      const real = name.split('/').includes('..') ? undefined : await realFile(candidate);
      if (real === undefined) continue;
      if (!inside(real)) outside = true;
      else if ((await stat(real)).isFile()) return real;
      else throw sourceError('SOURCE_UNSUPPORTED', 'This is a folder or a device, not a video file.');
    }
  }
  if (outside) throw sourceError('SOURCE_INVALID', 'The file must lie in the media folder.');
  throw sourceError('SOURCE_NOT_FOUND', 'There is no such file in the media folder.');
}
