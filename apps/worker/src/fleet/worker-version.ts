import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const Manifest = z.object({ version: z.string() });

/** Of this package, as its package.json says: `src/fleet` and `dist/fleet` lie equally deep. */
export const { version } = Manifest.parse(
  JSON.parse(readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8')),
);
