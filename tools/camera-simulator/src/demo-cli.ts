import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { makeDemoClips } from './clip/demo-clips';

/** `node dist/demo-cli.js <photos> <clips>`: makes the demo's clips, once. */
async function main(photos: string | undefined, clips: string | undefined): Promise<number> {
  if (!photos || !clips) {
    process.stderr.write('usage: demo-cli <folder of the photos> <folder of the clips>\n');
    return 2;
  }
  const target = resolve(clips);
  if (!existsSync(target)) process.stdout.write('Making the demo clips (once)\n');
  process.chdir(photos);
  await makeDemoClips(target);
  return 0;
}

main(process.argv[2], process.argv[3]).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    process.stderr.write(
      `The demo clips could not be made: ${error instanceof Error ? error.message : String(error)}\n`,
    );
    process.exitCode = 1;
  },
);
