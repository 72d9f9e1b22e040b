import { createRequire } from 'node:module';
import { join } from 'node:path';
import { stopWithNpm } from './parent.mjs';
import { main } from './problem.mjs';
import { ROOT } from './run.mjs';
import { build, demoClips, install, models, requireNode } from './steps.mjs';

/**
 * `npm start`: brings what is missing and becomes the program. One process, so that signals need no forwarding.
 */
await main(async () => {
  requireNode();
  await install();
  await build();
  await models();
  if (!process.argv.includes('--no-demo')) await demoClips();
  stopWithNpm();
  createRequire(import.meta.url)(join(ROOT, 'apps/standalone/dist/main.js'));
});
