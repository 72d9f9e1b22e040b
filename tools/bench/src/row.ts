import type { ClipMaker } from './clips/bench-clip';

export interface RowResult {
  name: string;
  /** Undefined: it could not be measured, and `details` say why. */
  measured: number | undefined;
  target: number;
  unit: string;
  /** How `measured` is held against `target`. */
  compare: 'at most' | 'at least';
  /** What stands beside the figure: figures by name, or sentences. */
  details: Record<string, string | number>;
}

export interface BenchContext {
  clips: ClipMaker;
  /** The checkout. */
  root: string;
  /** A folder for what one run leaves behind; deleted at its end. */
  scratch: string;
  soakMinutes: number;
  /** Of row 12; 0: each fault once. */
  chaosMinutes: number;
  /** A folder of photos for each person, of rows 17 and 20. */
  faces: string | undefined;
  /** A folder of videos, of row 18, with how many visits each shows: `visits.json`, `{ "file": visits }`. */
  videos: string | undefined;
  /** Where the table goes, and what is drawn. */
  out: string;
  say: (text: string) => void;
}

/** One row of the table of targets, of one figure or several. Runs alone, and leaves nothing running. */
export interface BenchRow {
  /** Its number in the table of what must be reached. */
  number: number;
  /** It shows no video, so that neither models nor clip have to be there. */
  withoutVideo?: true;
  run(context: BenchContext): Promise<RowResult[]>;
}

export function hasPassed({ measured, target, compare }: RowResult): boolean | undefined {
  if (measured === undefined) return undefined;
  return compare === 'at most' ? measured <= target : measured >= target;
}
