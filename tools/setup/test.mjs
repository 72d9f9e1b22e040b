import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main } from './problem.mjs';
import { ROOT, spawned } from './run.mjs';
import { build, demoClips, install, models, requireNode, say } from './steps.mjs';
import { bringTestServers } from './test-servers.mjs';

/** What runs after what: the whole system has the machine for itself. */
const SUITES = [
  { name: 'unit', args: [] },
  { name: 'integration', args: ['--maxWorkers=2'] },
  { name: 'e2e', args: ['--runInBand'] },
];

/** `npm test`: brings what is missing and runs every suite. Last line: `N passed, N failed`. */
await main(async () => {
  requireNode();
  await install();
  await bringTestServers();
  await build();
  await models();
  await demoClips();
  const folder = mkdtempSync(join(tmpdir(), 'camfleet-test-'));
  const totals = { passed: 0, failed: 0 };
  for (const suite of SUITES) {
    const result = await runSuite(suite, join(folder, `${suite.name}.json`));
    totals.passed += result.passed;
    totals.failed += result.failed;
  }
  rmSync(folder, { recursive: true });
  say(`${totals.passed} passed, ${totals.failed} failed`);
  process.exitCode = totals.failed > 0 || totals.passed === 0 ? 1 : 0;
});

async function runSuite({ name, args }, outputFile) {
  say(`\n${name}`);
  const jest = join(ROOT, 'node_modules/jest/bin/jest.js');
  // Prisma's client and node-av load modules that jest hands over to node only with this flag.
  const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  const options = ['--selectProjects', name, '--json', `--outputFile=${outputFile}`, ...args];
  const { code } = await spawned(process.execPath, [...flags, jest, ...options], { quiet: false });
  return countsOf(outputFile, code);
}

/** A suite file that did not even load counts as one failure; so does a run that left no result. */
function countsOf(outputFile, code) {
  try {
    const result = JSON.parse(readFileSync(outputFile, 'utf8'));
    const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
    return { passed: result.numPassedTests, failed: failed > 0 || code === 0 ? failed : 1 };
  } catch {
    return { passed: 0, failed: 1 };
  }
}
