import { main } from './problem.mjs';
import { build, install, requireNode } from './steps.mjs';

/** `npm run build` */
await main(async () => {
  requireNode();
  await install();
  await build();
});
