import { main } from './problem.mjs';
import { build, demoClips, install, models, requireNode } from './steps.mjs';

/** `npm run setup`: everything that `npm start` needs, without starting. */
await main(async () => {
  requireNode();
  await install();
  await build();
  await models();
  await demoClips();
});
