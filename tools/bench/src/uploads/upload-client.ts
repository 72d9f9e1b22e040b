import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

/** A client that uploads, as a process of its own, so that it can be killed. */
export class UploadClient implements Disposable {
  url: string | undefined;
  sentBytes = 0;
  private ended: 'done' | 'failed' | 'killed' | undefined;
  private words = '';
  private readonly child: ChildProcess;

  constructor(options: { apiUrl: string; key: string; file: string; uploadUrl?: string | undefined }) {
    const { apiUrl, key, file, uploadUrl } = options;
    const args = [join(__dirname, 'upload-entry.js'), apiUrl, key, file, ...(uploadUrl ? [uploadUrl] : [])];
    this.child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    this.url = uploadUrl;
    let rest = '';
    this.child.stdout?.on('data', (chunk: Buffer) => {
      const lines = (rest + chunk.toString()).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) this.hear(line);
    });
    this.child.once('exit', () => (this.ended ??= 'killed'));
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** True when all of it is there. Throws when it gave up. */
  get isDone(): boolean {
    if (this.ended === 'failed') throw new Error(`The upload failed: ${this.words}`);
    return this.ended === 'done';
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }

  [Symbol.dispose](): void {
    this.kill();
  }

  private hear(line: string): void {
    const [word, value = ''] = line.split(' ');
    if (word === 'url') this.url = value;
    else if (word === 'at') this.sentBytes = Number(value);
    else if (word === 'done' || word === 'failed') {
      this.ended = word;
      this.words = line;
    }
  }
}
