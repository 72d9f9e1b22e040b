import { startEmbeddedPostgres } from '@camfleet/database';
import { ProcessFleet, until } from '@camfleet/testing';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { BenchContext, BenchRow, RowResult } from '../row';
import { makeLargeVideo, sha256Of, sha256OfFile } from '../uploads/made-video';
import { UploadClient } from '../uploads/upload-client';

const KILLS = 20;
const SIZE_BYTES = 1024 ** 3;
const STEP_TIMEOUT_MS = 120_000;

export const uploadKilled: BenchRow = {
  number: 36,
  withoutVideo: true,
  async run({ scratch, say }: BenchContext): Promise<RowResult[]> {
    const file = join(scratch, 'killed.mp4');
    await makeLargeVideo(file, SIZE_BYTES);
    await using fleet = await ProcessFleet.start({
      replicas: 1,
      startDatabase: (options) => startEmbeddedPostgres(options),
    });
    const api = fleet.replica(0);
    const connect = (uploadUrl?: string) =>
      new UploadClient({ apiUrl: api.url, key: fleet.adminKey, file, uploadUrl });
    let client = connect();
    const startedAt = performance.now();
    let kills = 0;
    for (let next = 1; next <= KILLS; next += 1) {
      const due = (next / (KILLS + 1)) * SIZE_BYTES;
      await until(
        `${next} of ${KILLS + 1} parts are sent`,
        () => client.isDone || client.sentBytes >= due,
        STEP_TIMEOUT_MS,
      );
      if (client.isDone) break;
      kills += 1;
      if (next % 2 === 0) {
        client.kill();
        client = connect(client.url);
      } else {
        process.kill(api.program.pid, 'SIGKILL');
        await api.program.exited;
        api.start();
      }
      say(`${kills} of ${KILLS} kills`);
    }
    await until('all is there', () => client.isDone, STEP_TIMEOUT_MS);
    const id = client.url?.split('/').at(-1) ?? '';
    const stored = await fetch(`${api.url}/video/${id}`, {
      headers: { Authorization: `Bearer ${fleet.adminKey}` },
    });
    const isSame = stored.body !== null && (await sha256Of(stored.body)) === (await sha256OfFile(file));
    await rm(file);
    return [
      {
        name: 'an upload of 1 GiB: kills (-9) of API and client by turns after which the bytes are the same',
        measured: isSame ? kills : 0,
        target: KILLS,
        unit: 'kills',
        compare: 'at least',
        details: { 'the whole upload, s': (performance.now() - startedAt) / 1_000 },
      },
    ];
  },
};
