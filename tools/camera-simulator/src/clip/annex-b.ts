/** Types of H.264 network abstraction layer units that matter here (H.264, table 7-1). */
export const NAL_TYPE = { slice: 1, idr: 5, sps: 7, pps: 8, delimiter: 9, filler: 12 } as const;

export interface AccessUnit {
  /** Without start codes, in sending order. */
  nals: Buffer[];
  isKeyframe: boolean;
}

export function nalType(nal: Buffer): number {
  return nal.readUInt8(0) & 0x1f;
}

/** Cuts a byte stream (H.264, annex B) at its start codes; trailing zero bytes belong to no unit. */
export function splitNals(stream: Buffer): Buffer[] {
  const nals: Buffer[] = [];
  let begin = -1;
  for (let code = stream.indexOf(START_CODE); code >= 0; code = stream.indexOf(START_CODE, code + 3)) {
    if (begin >= 0) pushTrimmed(nals, stream.subarray(begin, code));
    begin = code + START_CODE.length;
  }
  if (begin >= 0) pushTrimmed(nals, stream.subarray(begin));
  return nals;
}

/**
 * Groups units into pictures. Every keyframe gets the newest parameter sets in front, as players that join late
 * need; delimiters and filler are left out, since RTP marks the end of a picture itself.
 */
export function toAccessUnits(nals: Buffer[]): AccessUnit[] {
  const units: AccessUnit[] = [];
  let pending: Buffer[] = [];
  let sps: Buffer | undefined;
  let pps: Buffer | undefined;
  for (const nal of nals) {
    const type = nalType(nal);
    if (type === NAL_TYPE.delimiter || type === NAL_TYPE.filler) continue;
    if (type === NAL_TYPE.sps) sps = nal;
    else if (type === NAL_TYPE.pps) pps = nal;
    else if (type !== NAL_TYPE.slice && type !== NAL_TYPE.idr) pending.push(nal);
    else if (beginsPicture(nal)) {
      const isKeyframe = type === NAL_TYPE.idr;
      if (isKeyframe && sps && pps) pending.unshift(sps, pps);
      units.push({ nals: [...pending, nal], isKeyframe });
      pending = [];
    } else units.at(-1)?.nals.push(nal);
  }
  return units;
}

const START_CODE = Buffer.from([0, 0, 1]);

/** `first_mb_in_slice` is the slice header's first field, and 0 is coded as a single 1 bit. */
function beginsPicture(slice: Buffer): boolean {
  return slice.length > 1 && (slice.readUInt8(1) & 0x80) !== 0;
}

function pushTrimmed(nals: Buffer[], raw: Buffer): void {
  let end = raw.length;
  while (end > 0 && raw[end - 1] === 0) end--;
  if (end > 0) nals.push(raw.subarray(0, end));
}
