import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fingerprint, isBuilt } from './fingerprint.mjs';
import { Problem, explain } from './problem.mjs';
import { ROOT, run, spawned, tool } from './run.mjs';

const LEAST_NODE = [20, 19];
const INSTALL_STAMP = join(ROOT, 'node_modules/.camfleet-installed');
const BUILD_STAMP = join(ROOT, '.nx/camfleet-built');

export const MODELS = join(ROOT, '.models');

export function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1])) return;
  throw new Problem(
    `Camfleet needs Node.js ${LEAST_NODE.join('.')} or later; this is ${process.versions.node}.`,
  );
}

/** Installs the pinned packages, unless those of this very lock file are there. */
export async function install() {
  const wanted = createHash('sha256')
    .update(readFileSync(join(ROOT, 'package-lock.json')))
    .update(process.version)
    .digest('hex');
  if (existsSync(INSTALL_STAMP) && readFileSync(INSTALL_STAMP, 'utf8') === wanted) return;
  say(
    'First start: packages and models are fetched once, some minutes on a slow line; about 1.5 GB on disk.',
  );
  say('Installing packages');
  // A stamp is written last: an install that was cut off is made again.
  await run(npm(), ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    step: 'Installing packages',
    env: { SKIP_FFMPEG: 'true', npm_config_onnxruntime_node_install: 'skip', NODE_ENV: 'development' },
  });
  try {
    writeFileSync(INSTALL_STAMP, wanted);
  } catch (error) {
    throw explain('Installing packages', String(error));
  }
}

/** Compiles what changed; when nothing did since the last time, that is known without asking Nx, in a moment. */
export async function build() {
  const print = fingerprint();
  if (isBuilt() && existsSync(BUILD_STAMP) && readFileSync(BUILD_STAMP, 'utf8') === print) return;
  say('Building');
  await tool('nx/dist/bin/nx.js', ['run-many', '-t', 'build', '--output-style=static'], {
    step: 'Building',
    env: { NX_DAEMON: 'false', NX_NO_CLOUD: 'true', NX_TUI: 'false' },
  });
  writeFileSync(BUILD_STAMP, print);
}

/** Fetches what is missing of models and sample photos, and makes the demo's clips. Each program says what is wrong itself. */
export async function models() {
  await own('libs/vision/dist/models/fetch-cli.js', [MODELS]);
}

export async function demoClips() {
  await own('tools/camera-simulator/dist/demo-cli.js', [join(MODELS, 'photos'), join(MODELS, 'demo')]);
}

/** A program of ours, which shows how far it is and says itself what is wrong. */
async function own(path, args) {
  const { code } = await spawned(process.execPath, [join(ROOT, path), ...args], { quiet: false });
  if (code !== 0) process.exit(1);
}

export function say(text) {
  process.stdout.write(`${text}\n`);
}

function npm() {
  return process.platform === 'win32' ? 'npm.cmd' : 'npm';
}
