import { createLogger } from '@camfleet/telemetry';
import { config as loadEnvironmentFile } from 'dotenv';
import { join, resolve } from 'node:path';
import { makeFolder } from './data-folder';
import { inPlainWords } from './plain-words';
import { AlreadyRunningError } from '@camfleet/storage';
import { type Standalone, startStandalone } from './standalone';

const ROOT = join(__dirname, '../../..');

/** What `npm start` runs once everything is installed and built. */
async function main(): Promise<void> {
  loadEnvironmentFile({ path: join(ROOT, '.env'), quiet: true });
  const dataDirectory = resolve(ROOT, process.env.DATA_DIR || '.data');
  const context = { port: Number(process.env.PORT || 8080), dataDirectory };
  try {
    makeFolder(dataDirectory);
    const logFile = process.env.LOG_FILE || join(dataDirectory, 'camfleet.log');
    // Decoder children inherit it: the terminal is for people.
    process.env.LOG_FILE = logFile;
    const starting = startStandalone({
      env: process.env,
      root: ROOT,
      dataDirectory,
      demo: !process.argv.includes('--no-demo'),
      logger: createLogger({ service: 'camfleet' }),
      onProgress: (step) => say(`Starting: ${step}`),
    });
    stopOnSignal(starting);
    say(greeting(await starting, logFile));
  } catch (error) {
    if (error instanceof AlreadyRunningError) {
      say(error.message);
      process.exit(0);
    }
    for (const line of inPlainWords(error, context)) process.stderr.write(`${line}\n`);
    process.exit(1);
  }
}

function greeting({ url, username, initialPassword, newAdminKey }: Standalone, logFile: string): string {
  return [
    '',
    'Camfleet is running.',
    `  Dashboard  ${url}`,
    `  Log in     ${username} / ${initialPassword}   (until you change it)`,
    ...(newAdminKey ? [`  API key    ${newAdminKey}   (shown once; it is in secrets.json)`] : []),
    `  Log        ${logFile}`,
    'Stop it with Ctrl-C.',
    '',
  ].join('\n');
}

/** npm hands on a Ctrl-C that the terminal has sent us already: what comes this soon is the same one. */
const SAME_SIGNAL_MS = 2_000;

/**
 * The first signal stops everything in order, a start that is under way as soon as it has come up: what it started
 * would be left running else. A second signal does not wait.
 */
function stopOnSignal(starting: Promise<Standalone>): void {
  let stoppingSinceMs: number | undefined;
  const stop = () => {
    if (stoppingSinceMs !== undefined) {
      if (performance.now() - stoppingSinceMs > SAME_SIGNAL_MS) process.exit(1);
      return;
    }
    stoppingSinceMs = performance.now();
    say('Stopping.');
    starting
      .then((standalone) => standalone.stop())
      .then(
        () => process.exit(0),
        () => process.exit(1),
      );
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

void main();
