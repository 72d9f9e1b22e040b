import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ObjectsResult } from '@camfleet/protocol';
import { compareTracks, ObjectsTruth } from '../recorded/counted-tracks';
import { startFileServer } from '../recorded/file-server';
import { BenchJobChild } from '../recorded/job-child';
import type { BenchContext, BenchRow, RowResult } from '../row';

const TRUTH = 'objects.json';

export const tracking: BenchRow = {
  number: 30,
  withoutVideo: true,
  async run({ root, videos }: BenchContext): Promise<RowResult[]> {
    const file = videos === undefined ? undefined : join(videos, TRUTH);
    if (videos === undefined || file === undefined || !existsSync(file))
      return rows(undefined, { why: `--videos names no folder with ${TRUTH}` });
    const truth = ObjectsTruth.parse(JSON.parse(await readFile(file, 'utf8')));
    await using child = await BenchJobChild.start(root);
    const sum = { counted: 0, apart: 0, switches: 0 };
    const details: Record<string, string> = {};
    for (const [name, things] of Object.entries(truth)) {
      await using server = await startFileServer(join(videos, name));
      const { rawResponse } = await child.run({ analysisType: 'objects', url: server.url, params: {} });
      const { tracks } = ObjectsResult.parse(rawResponse);
      for (const [label, seen] of Object.entries(things)) {
        const counts = compareTracks(
          tracks.filter((track) => track.label === label),
          seen,
        );
        sum.counted += counts.counted;
        sum.apart += Math.abs(counts.found - counts.counted);
        sum.switches += counts.switches;
        details[`${name}, ${label}`] = `${counts.found} of ${counts.counted}`;
      }
    }
    return rows({ apart: (sum.apart / Math.max(1, sum.counted)) * 100, switches: sum.switches }, details);
  },
};

function rows(
  figures: { apart: number; switches: number } | undefined,
  details: RowResult['details'],
): RowResult[] {
  return [
    {
      name: 'objects in recordings: tracks more or less than things that are there',
      measured: figures?.apart,
      target: 10,
      unit: '%',
      compare: 'at most',
      details,
    },
    {
      name: '… ids that were lost or went over to something else',
      measured: figures?.switches,
      target: 0,
      unit: '',
      compare: 'at most',
      details: {},
    },
  ];
}
