/** S3's own bound, in UTF-8; part of a file's name on disk may be 255. */
const MAX_KEY_BYTES = 1024;
const MAX_PART_BYTES = 200;

/** Throws for a key that could name anything but one file in the store. */
export function requireKey(key: string): void {
  const parts = key.split('/');
  const isPlain = parts.every(
    (part) => part !== '' && part !== '.' && part !== '..' && Buffer.byteLength(part) <= MAX_PART_BYTES,
  );
  const isText = [...key].every((char) => char >= ' ' && char !== '\\' && char !== '\u007f');
  if (!isPlain || !isText || Buffer.byteLength(key) > MAX_KEY_BYTES)
    throw new Error(`The key ${JSON.stringify(key)} leaves the store, or is none.`);
}

/** Throws for anything but a folder that lies in another one and ends with `/`. */
export function requireFolder(folder: string): void {
  if (!folder.endsWith('/') || folder.split('/').length < 3)
    throw new Error(`${JSON.stringify(folder)} is no folder that may be deleted.`);
  requireKey(folder.slice(0, -1));
}
