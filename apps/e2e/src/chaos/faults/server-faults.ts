import { descendantsOf, signalTo } from '@camfleet/testing';
import { Redis } from 'ioredis';
import type { ChaosFleet } from '../chaos-fleet';
import type { Fault } from './fault';

/** What befalls Redis and PostgreSQL. */
export function serverFaults({ processes }: ChaosFleet): Fault[] {
  const { redis } = processes;
  return [
    {
      kind: 'stop Redis',
      target: 'redis',
      lastsMs: [5_000, 30_000],
      begin: async () => {
        await redis.stop();
        return () => redis.comeBack();
      },
    },
    {
      kind: 'flush Redis',
      target: 'redis',
      lastsMs: [1, 1],
      begin: async () => {
        const client = new Redis(redis.url);
        await client.flushall();
        client.disconnect();
        return async () => undefined;
      },
    },
    {
      kind: 'stop PostgreSQL',
      target: 'database',
      lastsMs: [3_000, 30_000],
      begin: async () => {
        await processes.database.stop();
        return () => processes.databaseComesBack();
      },
    },
    {
      kind: 'SIGSTOP PostgreSQL',
      target: 'database',
      lastsMs: [3_000, 30_000],
      begin: async () => {
        const { pid } = processes.database;
        const pids = [pid, ...descendantsOf(pid)];
        for (const one of pids) signalTo(one, 'SIGSTOP');
        return async () => {
          for (const one of pids) signalTo(one, 'SIGCONT');
        };
      },
    },
  ];
}
