import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '@camfleet/testing';
import { Client } from 'pg';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres';

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('the embedded database', () => {
  let folder: string;
  let running: EmbeddedPostgres[] = [];
  const start = async (dataDirectory = folder) => {
    const server = await startEmbeddedPostgres({ dataDirectory, durable: false });
    running.push(server);
    return server;
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'camfleet data '));
    // As a user's checkout is: others may enter.
    chmodSync(folder, 0o755);
  });
  afterEach(async () => {
    await Promise.all(running.map((server) => server.stop()));
    running = [];
    rmSync(folder, { recursive: true });
  });

  it('keeps what was written over a stop, in a folder with a space in its name', async () => {
    const first = await start();
    await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await first.stop();
    const second = await start();
    expect(await query(second.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  });

  it('ends the server that a killed start left, and loses nothing', async () => {
    const left = await startEmbeddedPostgres({ dataDirectory: folder });
    await query(left.url, 'CREATE TABLE kept AS SELECT 1 AS one');
    const next = await start();
    expect(await query(next.url, 'SELECT one FROM kept')).toEqual([{ one: 1 }]);
    expect(next.pid).not.toBe(left.pid);
    await expect(query(left.url, 'SELECT 1')).rejects.toThrow();
  });

  it('comes back by itself when it is killed, with what was written', async () => {
    const server = await startEmbeddedPostgres({ dataDirectory: folder });
    running.push(server);
    await query(server.url, 'CREATE TABLE kept AS SELECT 7 AS seven');
    const { pid } = server;
    process.kill(pid, 'SIGKILL');
    const rows = await until(
      'the server is back',
      () => server.pid !== pid && query(server.url, 'SELECT seven FROM kept').catch(() => false as const),
      20_000,
    );
    expect(rows).toEqual([{ seven: 7 }]);
  });

  it('begins anew where a start was killed while it made the cluster', async () => {
    mkdirSync(join(folder, 'postgres.part'));
    writeFileSync(join(folder, 'postgres.part', 'half'), '');
    const server = await start();
    expect(await query(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(existsSync(join(folder, 'postgres.part'))).toBe(false);
  });

  it('lets nobody in without the password', async () => {
    const { url } = await start();
    await expect(query(url.replace(/:[^:@]*@/, ':wrong@'), 'SELECT 1')).rejects.toThrow(/password/);
  });

  it('says in one sentence that the folder cannot be written', async () => {
    writeFileSync(join(folder, 'a-file'), '');
    await expect(start(join(folder, 'a-file', 'data'))).rejects.toMatchObject({
      message: expect.stringMatching(/^The (folder|embedded database) .*/),
    });
  });
});
