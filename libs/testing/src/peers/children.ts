import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { until } from './until';

export interface PeerProcess extends AsyncDisposable {
  readonly process: ChildProcess;
  /** What it has printed so far. */
  output(): string;
}

export interface PeerCommand {
  command: string;
  args: readonly string[];
  /** Beside this process' own. */
  env?: Readonly<Record<string, string>>;
  /** It serves once this has been printed. */
  readyWhen: RegExp;
  timeoutMs?: number;
}

/** Starts a server of somebody else's and waits until it says that it serves. Disposing it kills it. */
export async function startPeer({
  command,
  args,
  env,
  readyWhen,
  timeoutMs = 15_000,
}: PeerCommand): Promise<PeerProcess> {
  const child = spawn(command, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  let output = '';
  let failed: Error | undefined;
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.once('error', (error) => (failed = error));
  // Without it a test run that is killed would leave the server behind.
  const onExit = () => void child.kill('SIGKILL');
  process.once('exit', onExit);
  const end = async () => {
    process.off('exit', onExit);
    if (failed || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  try {
    await until(
      `${command} serves`,
      () => {
        if (failed) throw failed;
        if (child.exitCode !== null) throw new Error(`${command} ended: ${output}`);
        return readyWhen.test(output);
      },
      timeoutMs,
    );
  } catch (error) {
    await end();
    throw error;
  }
  return { process: child, output: () => output, [Symbol.asyncDispose]: end };
}
