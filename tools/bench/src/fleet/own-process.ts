import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';

const STOP_WITHIN_MS = 25_000;
const KEPT_LOG_CHARACTERS = 2_000;

export interface ProcessOptions {
  args: readonly string[];
  env: Record<string, string>;
  cwd: string;
  logFile: string;
}

/** One Node process of the system under test; its output goes to a file. */
export class OwnProcess implements AsyncDisposable {
  private readonly kill = () => void this.child.kill('SIGKILL');

  private constructor(
    private readonly child: ChildProcess,
    private readonly logFile: string,
  ) {
    process.once('exit', this.kill);
  }

  static start({ args, env, cwd, logFile }: ProcessOptions): OwnProcess {
    const log = openSync(logFile, 'a');
    const child = spawn(process.execPath, [...args], {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    return new OwnProcess(child, logFile);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** Throws with its last words when it has ended. */
  checkAlive(): void {
    if (this.child.exitCode === null && this.child.signalCode === null) return;
    throw new Error(`A process ended: ${readFileSync(this.logFile, 'utf8').slice(-KEPT_LOG_CHARACTERS)}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    process.off('exit', this.kill);
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exited = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    const timer = setTimeout(this.kill, STOP_WITHIN_MS);
    await exited;
    clearTimeout(timer);
  }
}
