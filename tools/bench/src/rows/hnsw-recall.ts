import { z } from 'zod';
import { LIBRARY } from '../faces/library';
import { runEntry } from '../faces/run-entry';
import { median, p95 } from '../measure/statistics';
import type { BenchRow, RowResult } from '../row';

const WITHIN_MS = 40 * 60_000;
const Answer = z.object({
  recall: z.number(),
  searches: z.number(),
  buildSeconds: z.number(),
  searchMs: z.array(z.number()),
});

export const hnswRecall: BenchRow = {
  number: 24,
  withoutVideo: true,
  async run(): Promise<RowResult[]> {
    const { recall, searches, buildSeconds, searchMs } = await runEntry('hnsw-recall-entry.js', {
      answer: Answer,
      withinMs: WITHIN_MS,
    });
    return [
      {
        name: 'recall of the ten best of 100,000 × 512 by HNSW (pgvector), against the exact index',
        measured: recall,
        target: 0.98,
        unit: '',
        compare: 'at least',
        details: {
          searches,
          graph: 'm 24, ef_construction 128; ef_search is the adapter’s own',
          'a search, median, ms': median(searchMs),
          'a search, p95, ms': p95(searchMs),
          'building the graph, s': buildSeconds,
          database: 'PGlite: PostgreSQL as WebAssembly, so times say little',
          data: `${LIBRARY}; by turns a known person and a stranger is looked for`,
        },
      },
    ];
  },
};
