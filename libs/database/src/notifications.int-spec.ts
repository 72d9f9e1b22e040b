import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Database } from './database';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded/embedded-postgres';
import { LISTENER_NAME, Notifications } from './notifications';

describe('notifications', () => {
  let folder: string;
  let postgres: EmbeddedPostgres;
  let database: Database;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'camfleet-notifications-'));
    chmodSync(folder, 0o755);
    postgres = await startEmbeddedPostgres({ dataDirectory: folder, durable: false });
    database = new Database(postgres.url);
  });
  afterAll(async () => {
    await database.close();
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const listeners = async () => {
    const rows = await database.prisma.$queryRaw<{ pid: number }[]>`
      SELECT pid FROM pg_stat_activity WHERE application_name = ${LISTENER_NAME}`;
    return rows.length;
  };
  const create = () =>
    new Notifications({ url: postgres.url, onMessage: () => undefined, onReconnect: () => undefined });
  const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;

  it('leave no connection and no timer behind, whenever they are closed: the process could not end', async () => {
    await listeners();
    const before = timers();
    const outcomes: string[] = [];
    for (const afterMs of [0, 1, 2, 3, 5, 8, 13, 21, 200]) {
      const notifications = create();
      const started = notifications.start().then(
        () => 'started',
        () => 'ended',
      );
      if (afterMs > 0) await pause(afterMs);
      await notifications.close();
      outcomes.push(await started);
      while ((await listeners()) > 0) await pause(5);
    }
    expect([outcomes[0], outcomes.at(-1)]).toEqual(['ended', 'started']);
    while (timers() > before) await pause(5);
  });
});
