import { z } from 'zod';
import { DIMENSIONS, FACES, LIBRARY } from '../faces/library';
import { runEntry } from '../faces/run-entry';
import { median, p95 } from '../measure/statistics';
import type { BenchRow, RowResult } from '../row';

const WITHIN_MS = 5 * 60_000;
const VECTOR_BYTES = FACES * DIMENSIONS * 4;
const Answer = z.object({
  exactMs: z.array(z.number()),
  scalarMs: z.array(z.number()),
  emptyBytes: z.number(),
  bytes: z.number(),
  greatestError: z.number(),
  loopMs: z.number(),
});

export const exactSearch: BenchRow = {
  number: 23,
  withoutVideo: true,
  async run(): Promise<RowResult[]> {
    const { exactMs, scalarMs, emptyBytes, bytes, greatestError, loopMs } = await runEntry(
      'exact-search-entry.js',
      {
        answer: Answer,
        withinMs: WITHIN_MS,
      },
    );
    return [
      {
        name: 'exact search of the ten best of 100,000 × 512, through the index’s thread, p95',
        measured: p95(exactMs),
        target: 20,
        unit: 'ms',
        compare: 'at most',
        details: {
          'median, ms': median(exactMs),
          searches: exactMs.length,
          'scalar JavaScript in the same run, scores alone, median, ms': median(scalarMs),
          'scalar JavaScript, p95, ms': p95(scalarMs),
          'greatest difference of a best score': greatestError,
          'latest the event loop was, ms': loopMs,
          data: LIBRARY,
        },
      },
      {
        name: 'memory of the exact index: what 100,000 faces with ids, cameras and times add to an empty one, by their vectors',
        measured: (bytes - emptyBytes) / VECTOR_BYTES,
        target: 1.1,
        unit: '×',
        compare: 'at most',
        details: {
          'the same with its thread': bytes / VECTOR_BYTES,
          'the empty thread, MB': emptyBytes / 1e6,
        },
      },
    ];
  },
};
