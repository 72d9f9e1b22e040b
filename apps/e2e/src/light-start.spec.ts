import { execFileSync } from 'node:child_process';

/** What only some installations need, and 35 MiB of every API and worker that loads it. */
const WHEN_CONFIGURED = /node_modules\/(@aws-sdk|@smithy|@opentelemetry\/(?!api\/)|bullmq|ioredis|@tus)\//;

describe('a program that is told of no S3, SQS, Redis and no receiver of traces', () => {
  it.each(['@camfleet/api', '@camfleet/worker', '@camfleet/standalone'])(
    '%s does not pay for their clients',
    (program) => {
      const ask = `require('${program}'); console.log(Object.keys(require.cache).join('\\n'))`;
      const loaded = execFileSync(process.execPath, ['-e', ask], { cwd: __dirname, encoding: 'utf8' });
      const files = loaded.split('\n');
      expect(files.length).toBeGreaterThan(100);
      expect(files.filter((file) => WHEN_CONFIGURED.test(file))).toEqual([]);
    },
  );
});
