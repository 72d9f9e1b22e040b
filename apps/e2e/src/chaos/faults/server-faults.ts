import { descendantsOf } from '@camfleet/testing';
import { Redis } from 'ioredis';
import type { ChaosFleet } from '../chaos-fleet';
import type { Fault } from './fault';

/** What befalls Redis and PostgreSQL. */
export function serverFaults({ processes }: ChaosFleet): Fault[] {
  const { redis } = processes;
  return [
    {
      name: 'stop Redis',
      target: 'redis',
      lastsMs: [5_000, 30_000],
      begin: async () => {
        await redis.stop();
        return () => redis.comeBack();
      },
    },
    {
      name: 'flush Redis',
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
      name: 'stop PostgreSQL',
      target: 'database',
      lastsMs: [3_000, 30_000],
      begin: async () => {
        await processes.database.stop();
        return () => processes.databaseComesBack();
      },
    },
    {
      name: 'SIGSTOP PostgreSQL',
      target: 'database',
      lastsMs: [3_000, 30_000],
      begin: async () => {
        const { pid } = processes.database;
        const pids = [pid, ...descendantsOf(pid)];
        for (const one of pids) process.kill(one, 'SIGSTOP');
        return async () => {
          for (const one of pids) process.kill(one, 'SIGCONT');
        };
      },
    },
  ];
}
