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

/** One sentence; the causes that a person can put right are named. */
function inPlainWords(error: unknown, folder: string): string {
  const text = error instanceof Error ? error.message : String(error);
  if (/ENOSPC|EDQUOT/.test(text)) return `The demo clips could not be made: the disk of ${folder} is full.`;
  if (/EACCES|EPERM|EROFS/.test(text))
    return `The demo clips could not be made: this account may not write in ${folder}.`;
  return `The demo clips could not be made: ${text}`;
}

const [photos, clips] = process.argv.slice(2);
main(photos, clips).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    process.stderr.write(`${inPlainWords(error, resolve(clips ?? '.'))}\n`);
    process.exitCode = 1;
  },
);
