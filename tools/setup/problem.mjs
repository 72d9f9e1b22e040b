/** A problem that its finder can put into one plain sentence. */
export class Problem extends Error {}

const CAUSES = [
  [/ENOSPC|no space left/i, 'The disk is full.'],
  [/EDQUOT|quota exceeded/i, 'The disk quota of this account is used up.'],
  [
    /EACCES|EPERM|permission denied/i,
    'This account may not write here: make the folder its own, or copy it to where it may.',
  ],
  [/EROFS|read-only file system/i, 'The folder lies on a disk that cannot be written.'],
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|ECONNRESET|network/i,
    'The package registry cannot be reached: connect this machine to the network once.',
  ],
];

/** What went wrong in `step`, from what a tool printed or a system's error. */
export function explain(step, text) {
  const [, sentence] = CAUSES.find(([pattern]) => pattern.test(text)) ?? [];
  return new Problem(`${step} failed. ${sentence ?? `The last words were: ${lastLine(text)}`}`);
}

function lastLine(text) {
  return text.trim().split('\n').at(-1) ?? '';
}

/** Runs the whole of a program: a {@link Problem} is its sentence, and anything else is a bug and shows itself. */
export async function main(work) {
  try {
    await work();
  } catch (error) {
    process.stderr.write(`${error instanceof Problem ? error.message : error.stack}\n`);
    process.exit(1);
  }
}
