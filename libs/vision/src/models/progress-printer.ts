import type { WriteStream } from 'node:tty';
import type { FetchProgress } from './fetch-files';

const REFRESH_MS = 120;
const WIDTH = 24;
const WORDS = {
  checking: 'checking what is there',
  downloading: 'downloading',
  unpacking: 'unpacking',
  verifying: 'verifying',
  converting: 'converting',
  done: 'done',
} as const;

export interface ProgressPrinter extends Disposable {
  show(progress: FetchProgress): void;
  /** Wipes the bar; the sentence, when there is one, stays. */
  finish(sentence: string | undefined): void;
}

/** A bar on a terminal, which sweeps while the size is not known; elsewhere a line for each phase. */
export function progressPrinter(out: WriteStream | NodeJS.WriteStream): ProgressPrinter {
  let latest: FetchProgress | undefined;
  let lastLine = '';
  const startedAtMs = performance.now();
  const draw = () => {
    if (latest) out.write(`\r\x1b[K${barOf(latest, performance.now() - startedAtMs)}`);
  };
  const timer = out.isTTY ? setInterval(draw, REFRESH_MS) : undefined;
  const wipe = () => {
    clearInterval(timer);
    if (out.isTTY && latest) out.write('\r\x1b[K');
    latest = undefined;
  };
  return {
    show(progress) {
      latest = progress;
      const line = `Models: ${WORDS[progress.phase]}${progress.file ? ` ${progress.file}` : ''}`;
      // Models and photos are fetched one after the other: to whoever reads, that is one step.
      if (progress.phase === 'done') return;
      if (!out.isTTY && line !== lastLine) out.write(`${line}\n`);
      lastLine = line;
    },
    finish(sentence) {
      wipe();
      if (sentence) out.write(`${sentence}\n`);
    },
    [Symbol.dispose]: wipe,
  };
}

function barOf({ phase, file, doneBytes, totalBytes }: FetchProgress, elapsedMs: number): string {
  const seconds = `${Math.floor(elapsedMs / 1000)} s`;
  const what = `${WORDS[phase]}${file ? ` ${file}` : ''}`;
  if (doneBytes !== undefined && totalBytes !== undefined) {
    const filled = Math.round((WIDTH * doneBytes) / totalBytes);
    const percent = Math.floor((100 * doneBytes) / totalBytes);
    return `Models [${'#'.repeat(filled)}${'-'.repeat(WIDTH - filled)}] ${percent} % ${what}, ${seconds}`;
  }
  const at = Math.floor(elapsedMs / REFRESH_MS) % (WIDTH - 2);
  return `Models [${'-'.repeat(at)}###${'-'.repeat(WIDTH - 3 - at)}] ${what}, ${seconds}`;
}
