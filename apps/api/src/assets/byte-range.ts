import type { ByteRange } from '@camfleet/storage';

/**
 * The one range of a `Range` header (RFC 9110, 14.1.2), both ends included, cut to the file; `undefined`: the whole file,
 * as for headers that are not understood or name several; `null`: nothing of the file lies in it.
 */
export function parseRange(
  header: string | undefined,
  sizeBytes: number,
): Required<ByteRange> | null | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return undefined;
  const [first, last] = [match[1] ?? '', match[2] ?? ''];
  const isSuffix = first === '';
  const start = isSuffix ? Math.max(0, sizeBytes - Number(last)) : Number(first);
  const end = isSuffix || last === '' ? sizeBytes - 1 : Math.min(Number(last), sizeBytes - 1);
  if (!isSuffix && last !== '' && Number(last) < Number(first)) return undefined;
  return start > end ? null : { start, end };
}
