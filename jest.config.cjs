const { readFileSync } = require('node:fs');

/** The compiler's settings, but for the build's wish to leave the tests out. */
const { exclude, ...settings } = JSON.parse(readFileSync(`${__dirname}/.swcrc`, 'utf8'));
const swc = { ...settings, swcrc: false };

/** What unit, integration and end-to-end tests share. */
const common = {
  rootDir: __dirname,
  testEnvironment: '<rootDir>/libs/testing/jest-environment.cjs',
  transform: { '^.+\\.ts$': ['@swc/jest', swc] },
  modulePathIgnorePatterns: ['/dist/', '/.data/', '/.nx/'],
  moduleNameMapper: {
    // node-av is ESM: node itself loads it, jest's own loader cannot.
    '^node-av$': '<rootDir>/libs/testing/node-av.cjs',
    // What is imported as it is needed is named by the file that the build makes of it.
    '^(\\.{1,2}/.*)\\.js$': ['$1.js', '$1.ts'],
    '^@camfleet/camera-simulator$': '<rootDir>/tools/camera-simulator/src/index.ts',
    '^@camfleet/(api|worker|standalone|bench)$': '<rootDir>/apps/$1/src/index.ts',
    '^@camfleet/([a-z-]+)$': '<rootDir>/libs/$1/src/index.ts',
  },
};

module.exports = {
  // Real servers take their time on a busy machine; a test waits for conditions and ends when they hold.
  testTimeout: 60_000,
  // Models and decoders are freed as a process ends, which takes over the usual half second on a busy machine.
  workerGracefulExitTimeout: 15_000,
  projects: [
    {
      ...common,
      displayName: 'unit',
      testMatch: ['<rootDir>/{apps,libs,tools}/**/src/**/*.spec.ts'],
      testPathIgnorePatterns: ['/node_modules/', '<rootDir>/apps/e2e/'],
    },
    {
      ...common,
      displayName: 'integration',
      testMatch: ['<rootDir>/{apps,libs,tools}/**/src/**/*.int-spec.ts'],
    },
    { ...common, displayName: 'e2e', testMatch: ['<rootDir>/apps/e2e/src/**/*.spec.ts'] },
  ],
};
