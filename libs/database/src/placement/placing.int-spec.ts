import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database } from '../database';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../embedded/embedded-postgres';
import { migrate } from '../migrate';
import { asLeader, beginEpochs } from './placing';
import { PlacementRepository } from './placement.repository';

describe('placing', () => {
  let folder: string;
  let postgres: EmbeddedPostgres;
  let one: Database;
  let other: Database;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'camfleet-placing-'));
    chmodSync(folder, 0o755);
    postgres = await startEmbeddedPostgres({ dataDirectory: folder, durable: false });
    await migrate({ url: postgres.url, directory: join(__dirname, '../../../../prisma/migrations') });
    one = new Database(postgres.url);
    other = new Database(postgres.url);
    await one.prisma.$executeRaw`
      INSERT INTO cameras (id, tenant_id, name, labels, source_url, source_options, require, prefer, priority,
        analysis, zones, output, desired)
      VALUES ('c1', 'default', 'c1', '{}', 'rtsp://x', '{}', '{}', '{}', 50, '{}', '[]', '{}', 'running')`;
    await one.prisma.$executeRaw`
      INSERT INTO workers (id, tenant_id, instance_id, name, public_url, labels, capacity, models, analyses,
        version, state, secret, lease_until)
      VALUES ('w1', 'default', 'i', 'w1', 'http://x', '{}', '{"cameras": 1}', '[]', '{}', '1', 'online', 's',
        now() + interval '1 hour')`;
  });
  afterAll(async () => {
    await Promise.all([one.close(), other.close()]);
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const placed = (cameraId: string, epoch: number) => ({
    state: 'assigned' as const,
    placed: [{ cameraId, tenantId: 'default', workerId: 'w1', epoch }],
  });

  it('goes on without a placer that stands still in the middle, which can write nothing when it wakes', async () => {
    const begun = performance.now();
    let wake: () => void = () => undefined;
    const asleep = new Promise<void>((resolve) => (wake = resolve));
    let standsStill: () => void = () => undefined;
    const still = new Promise<void>((resolve) => (standsStill = resolve));
    const paused = asLeader(one, async (tx) => {
      standsStill();
      await asleep;
      return beginEpochs(tx, placed('c1', 1));
    });
    const failed = expect(paused).rejects.toThrow();
    await still;
    const issued = await new PlacementRepository(other).placeWaiting(() => () => ({ workerId: 'w1' }));
    expect(issued).toMatchObject([{ cameraId: 'c1', workerId: 'w1', epoch: 1 }]);
    expect(performance.now() - begun).toBeLessThan(3_000);
    wake();
    await failed;
    await expect(other.prisma.assignment.count()).resolves.toBe(1);
    await one.ping();
  });

  it('gives no camera away under an epoch that is not the next one any more', async () => {
    await expect(asLeader(one, (tx) => beginEpochs(tx, placed('c1', 1)))).resolves.toEqual([]);
  });
});
