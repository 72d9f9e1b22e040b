import js from '@eslint/js';
import { importX } from 'eslint-plugin-import-x';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

/** Which of our own packages each folder may import: the table of docs/architecture.md. */
const LIBS = [
  'domain',
  'protocol',
  'media',
  'vision',
  'database',
  'queue',
  'storage',
  'face-index',
  'config',
  'telemetry',
];
const MAY_IMPORT = {
  'libs/domain': [],
  'libs/protocol': ['domain'],
  'libs/media': ['domain'],
  'libs/vision': ['domain'],
  'libs/database': ['domain', 'protocol'],
  'libs/queue': ['domain', 'protocol'],
  'libs/storage': ['domain', 'protocol'],
  'libs/face-index': ['domain', 'protocol'],
  'libs/config': ['domain', 'protocol'],
  'libs/telemetry': ['domain', 'protocol'],
  'apps/api': LIBS.filter((lib) => !['media', 'vision'].includes(lib)),
  'apps/worker': LIBS.filter((lib) => !['database', 'face-index'].includes(lib)),
  'apps/dashboard': ['protocol'],
  'apps/standalone': [...LIBS, 'api', 'worker', 'camera-simulator'],
  'tools/camera-simulator': ['domain', 'media'],
  'tools/bench': [...LIBS, 'testing', 'camera-simulator'],
  'libs/testing': [...LIBS, 'camera-simulator'],
  'apps/e2e': [...LIBS, 'testing', 'camera-simulator'],
};
const OURS = [
  ...LIBS,
  'testing',
  'api',
  'worker',
  'dashboard',
  'standalone',
  'e2e',
  'camera-simulator',
  'bench',
];
/** Technologies that belong to one room. */
const TECHNOLOGY = {
  'libs/domain': ['@nestjs/*', '@prisma/*', 'ioredis', 'bullmq', 'pg', 'node-av', 'onnxruntime-node', 'zod'],
  'libs/media': ['@nestjs/*', '@prisma/*', 'ioredis', 'bullmq', 'pg', 'onnxruntime-node'],
  'libs/face-index': ['@nestjs/*', '@prisma/*', 'ioredis', 'bullmq', 'pg', 'node-av', 'onnxruntime-node'],
  'libs/vision': ['@nestjs/*', '@prisma/*', 'ioredis', 'bullmq', 'pg', 'node-av'],
  'apps/api': ['node-av', 'onnxruntime-node'],
  'apps/worker': ['@prisma/*', 'pg'],
};

const MORE_THAN_THREE_PARAMETERS = {
  selector:
    ':matches(FunctionDeclaration, ArrowFunctionExpression, MethodDefinition[kind!="constructor"] > FunctionExpression)[params.length>4]',
  message: 'Beyond a few parameters take one options object.',
};

const boundaries = ({ tests }) =>
  Object.entries(MAY_IMPORT).map(([folder, allowed]) => ({
    files: [`${folder}/src/**/*.{ts,tsx}`],
    ...(tests
      ? { files: [`${folder}/src/**/*.spec.ts`, `${folder}/src/**/*.int-spec.ts`] }
      : { ignores: ['**/*.spec.ts', '**/*.int-spec.ts'] }),
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: OURS.filter((name) => !allowed.includes(name))
                .filter((name) => !(tests && ['testing', 'camera-simulator'].includes(name)))
                .map((name) => `@camfleet/${name}`),
              message: `${folder} may not import this (docs/architecture.md).`,
            },
            { group: ['@camfleet/*/*'], message: 'A package is entered by its index.ts.' },
            { regex: '^(\\.\\./)+(apps|libs|tools)/', message: 'Import another package by its name.' },
            ...(TECHNOLOGY[folder] && !tests
              ? [{ group: TECHNOLOGY[folder], message: `${folder} does not know this technology.` }]
              : []),
          ],
        },
      ],
    },
  }));

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', '.nx/**', '.data/**', '**/generated/**', '**/*.cjs'] },
  js.configs.recommended,
  ...tseslint.configs.strict,
  {
    files: ['**/*.{ts,tsx,mjs}'],
    plugins: { 'import-x': importX },
    settings: {
      'import-x/resolver': { node: { extensions: ['.ts', '.tsx', '.mjs'] } },
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts', '.tsx'] },
    },
    rules: {
      'import-x/no-cycle': ['error', { ignoreExternal: true }],
      'max-params': ['error', 3],
      '@typescript-eslint/no-extraneous-class': 'off',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/consistent-type-imports': 'off',
      'no-console': 'error',
      'no-restricted-properties': [
        'error',
        { object: 'AbortSignal', property: 'any', message: 'LinkedAbort, which says why.' },
      ],
      eqeqeq: 'error',
    },
  },
  {
    // Nest hands its services over in the constructor.
    files: ['apps/api/src/**/*.ts'],
    rules: { 'max-params': 'off', 'no-restricted-syntax': ['error', MORE_THAN_THREE_PARAMETERS] },
  },
  {
    files: ['apps/dashboard/**/*.{ts,tsx}'],
    plugins: { 'react-hooks': reactHooks },
    rules: { ...reactHooks.configs.recommended.rules, 'no-restricted-properties': 'off' },
  },
  {
    files: ['tools/**/*.mjs', 'tools/bench/**/*.ts', '**/*.spec.ts'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        Buffer: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        setInterval: 'readonly',
        clearInterval: 'readonly',
        fetch: 'readonly',
        URL: 'readonly',
        AbortSignal: 'readonly',
        AbortController: 'readonly',
      },
    },
    rules: { 'no-console': 'off' },
  },
  ...boundaries({ tests: false }),
  ...boundaries({ tests: true }),
);
