/** When a file was recorded, as far as a browser can tell. */
export interface RecordingTime {
  at: Date;
  /** `metadata`: the file says so; `file`: when it was last written, mostly as the recording ended. */
  from: 'metadata' | 'file';
}

/** Reads some headers, never the whole file. */
export async function recordingTimeOf(file: File, now = new Date()): Promise<RecordingTime> {
  const said = await creationTime(file).catch(() => undefined);
  const isLikely = said && said.getTime() > EARLIEST_MS && said.getTime() < now.getTime() + DAY_MS;
  return isLikely ? { at: said, from: 'metadata' } : { at: new Date(file.lastModified), from: 'file' };
}

const DAY_MS = 86_400_000;
/** Clocks that were never set begin in 1904, 1970 or 1980. */
const EARLIEST_MS = Date.UTC(1990, 0, 1);
/** ISO 14496-12, 8.2.2: seconds since the first of January 1904, UTC. */
const EPOCH_1904_MS = Date.UTC(1904, 0, 1);

/** Of MP4 and QuickTime files: `moov/mvhd`. */
async function creationTime(file: Blob): Promise<Date | undefined> {
  const moov = await findBox(file, 'moov', { start: 0, end: file.size });
  const mvhd = moov && (await findBox(file, 'mvhd', moov));
  if (!mvhd) return undefined;
  const view = await read(file, mvhd.start, 12);
  const seconds = view.getUint8(0) === 1 ? Number(view.getBigUint64(4)) : view.getUint32(4);
  return seconds === 0 ? undefined : new Date(EPOCH_1904_MS + seconds * 1000);
}

interface Range {
  start: number;
  end: number;
}

/** More boxes side by side than any recorder writes before the one that is looked for. */
const MAX_BOXES = 1_000;

/** The content of the first box of a type among those in `range`. */
async function findBox(file: Blob, type: string, range: Range): Promise<Range | undefined> {
  let { start } = range;
  for (let seen = 0; seen < MAX_BOXES && start + 8 <= range.end; seen++) {
    const view = await read(file, start, 16);
    const short = view.getUint32(0);
    const header = short === 1 ? 16 : 8;
    // 1: the size follows in 64 bits; 0: it goes on to the end.
    const size = short === 1 ? Number(view.getBigUint64(8)) : short === 0 ? range.end - start : short;
    if (size < header) return undefined;
    const name = String.fromCharCode(...[4, 5, 6, 7].map((at) => view.getUint8(at)));
    if (name === type) return { start: start + header, end: Math.min(range.end, start + size) };
    start += size;
  }
  return undefined;
}

const read = async (file: Blob, start: number, bytes: number) =>
  new DataView(await file.slice(start, start + bytes).arrayBuffer());
