import { until } from '../peers/until';
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { commandLineOf, descendantsOf, isAlive, signalTo } from './process-tree';

const ROOT = join(__dirname, '../../../..');
const STOP_TIMEOUT_MS = 30_000;

export interface ProgramOptions {
  /** Its main file, from the root of the checkout. */
  entry: string;
  args?: readonly string[];
  env: Record<string, string>;
  /** Runs it as somebody else: `setpriv --reuid=…`. */
  prefix?: readonly string[];
}

/** One of our programs as a process of its own. */
export class Program implements AsyncDisposable {
  readonly exited: Promise<number | null>;
  private readonly child: ChildProcess;
  private text = '';
  private errorText = '';
  private code: number | null | undefined;
  private readonly onTestExit = () => this.endAll();
  private seen = new Set<number>();

  constructor({ entry, args = [], env, prefix = [] }: ProgramOptions) {
    const [command = process.execPath, ...rest] = [...prefix, process.execPath, join(ROOT, entry), ...args];
    const { PATH = '', HOME = '' } = process.env;
    this.child = spawn(command, rest, {
      cwd: ROOT,
      env: { PATH, HOME, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.on('data', (chunk: Buffer) => (this.text += chunk.toString()));
    this.exited = new Promise((resolve) => {
      this.child.once('close', (code) => {
        this.code = code;
        if (this.leftovers().length === 0) process.off('exit', this.onTestExit);
        resolve(code);
      });
    });
    this.child.stderr?.on('data', (chunk: Buffer) => (this.errorText += chunk.toString()));
    process.once('exit', this.onTestExit);
  }

  get pid(): number {
    if (this.child.pid === undefined) throw new Error('It could not be started.');
    return this.child.pid;
  }

  /** Everything printed so far. */
  get output(): string {
    return this.text;
  }

  /** What it complained about. */
  get errors(): string {
    return this.errorText;
  }

  get hasEnded(): boolean {
    return this.code !== undefined;
  }

  /** Its children's children, too. */
  children(matching = /./): number[] {
    const pids = descendantsOf(this.pid);
    for (const pid of pids) this.seen.add(pid);
    return pids.filter((pid) => matching.test(commandLineOf(pid)));
  }

  async saying(text: RegExp, timeoutMs = 30_000): Promise<RegExpExecArray> {
    return until(
      `the program says ${text}`,
      () => {
        const found = text.exec(this.text);
        if (!found && this.hasEnded) throw new Error(`It ended with ${this.code}: ${this.text}`);
        return found;
      },
      timeoutMs,
    );
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** As an ordinary user ends it; gives the exit code. Throws when it does not end. */
  async stop(): Promise<number | null> {
    this.children();
    this.signal('SIGTERM');
    return this.ending();
  }

  /** Waits until it ends by itself. */
  async ending(timeoutMs = STOP_TIMEOUT_MS): Promise<number | null> {
    await until('the program has ended', () => this.hasEnded, timeoutMs);
    return this.exited;
  }

  /** Those that it started, as far as `children` saw them, and that live on. */
  leftovers(): number[] {
    return [...this.seen].filter(isAlive);
  }

  /** Kills what is left of it; a test that has passed left nothing. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.hasEnded) await this.stop().catch(() => undefined);
    this.endAll();
    process.off('exit', this.onTestExit);
  }

  private endAll(): void {
    if (!this.hasEnded) {
      this.children();
      this.child.kill('SIGKILL');
    }
    for (const pid of this.leftovers()) signalTo(pid, 'SIGKILL');
  }
}
