const MAX_LENGTH = 120;

/**
 * The name under which an upload is kept: letters, digits, `.`, `_` and `-` of the name that its owner gave, so that it
 * means nothing to any shell, URL, log or file system. `CCTV_Test1.mp4` stays as it is.
 */
export function keyName(fileName: string): string {
  const last = fileName.split(/[/\\]/).at(-1) ?? '';
  const plain = last.normalize('NFKD').replace(/[^\w.-]+/g, '_');
  const extension = /\.\w{1,10}$/.exec(plain)?.[0] ?? '';
  const stem = plain.slice(0, plain.length - extension.length).replace(/^[._-]+|[._-]+$/g, '');
  return `${(stem || 'video').slice(0, MAX_LENGTH)}${extension}`;
}

/** What a file says it is, where that is a video; else bytes: nothing that a browser would run. */
export function safeContentType(type: string | null | undefined): string {
  return /^video\/[\w.+-]{1,60}$/i.test(type ?? '') && type ? type.toLowerCase() : 'application/octet-stream';
}
