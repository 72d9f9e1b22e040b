import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { explain } from './problem.mjs';

/** The checkout, wherever the caller stands. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/[/\\]$/, '');

/** How much of a tool's output is kept to explain its failure. */
const KEPT_OUTPUT_BYTES = 64 * 1024;

/**
 * Runs a program in the checkout and waits. `quiet` keeps what it prints until it fails.
 * Throws a `Problem` named after `step` when it exits with another code than 0.
 */
export async function run(command, args, { step, quiet = true, env = {} }) {
  const { code, output } = await spawned(command, args, { quiet, env });
  if (code === 0) return;
  if (quiet) process.stderr.write(output);
  throw explain(step, output || `exit code ${code}`);
}

/** Runs it and answers its exit code and what it printed. */
export function spawned(command, args, { quiet, env = {} }) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: ROOT,
      env: { ...process.env, ...env },
      stdio: ['ignore', quiet ? 'pipe' : 'inherit', quiet ? 'pipe' : 'inherit'],
    });
    // What is running ends with us: an install would go on alone, and the next start would meet it.
    const passOn = (signal) => {
      child.kill(signal);
      child.once('close', () => process.exit(signal === 'SIGINT' ? 130 : 143));
    };
    process.on('SIGINT', passOn).on('SIGTERM', passOn);
    const finish = (result) => {
      process.off('SIGINT', passOn).off('SIGTERM', passOn);
      resolve(result);
    };
    let output = '';
    const keep = (chunk) => (output = (output + chunk).slice(-KEPT_OUTPUT_BYTES));
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    child.once('error', (error) => finish({ code: 1, output: String(error) }));
    child.once('close', (code) => finish({ code: code ?? 1, output }));
  });
}

/** Runs a tool of `node_modules` by its own file: no npx, no shell, no quoting. */
export function tool(path, args, options) {
  return run(process.execPath, [join(ROOT, 'node_modules', path), ...args], options);
}
