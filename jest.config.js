/**
 * Four projects. `unit` needs nothing but Node; `broker` and `e2e` need the local stack, which
 * `npm test` starts and names in the environment; `e2e` runs the whole product on it. `opensearch` is
 * run by `npm run prove:search`, which starts one. The test of `src/a/b.ts` is `test/a/b.test.ts`.
 */
const shared = {
  transform: {
    '^.+\\.[cm]?tsx?$': ['@swc/jest', { module: { type: 'commonjs', ignoreDynamic: true } }],
  },
  testEnvironment: '<rootDir>/test/fast-environment.cjs',
  moduleFileExtensions: ['ts', 'js', 'json', 'node'],
  modulePathIgnorePatterns: ['<rootDir>/var/', '<rootDir>/dist/'],
};

/** What the dashboard's build bundles and Node cannot require: it is ES modules only. */
const bundled = {
  transform: {
    '/node_modules/.+\\.m?js$': ['@swc/jest', { module: { type: 'commonjs' } }],
  },
  transformIgnorePatterns: [
    '/node_modules/(?!(@vueuse|@floating-ui|aria-hidden|defu|ohash|@internationalized|@tanstack|chart\\.js|@kurkle)/)',
  ],
};

/** @type {import('jest').Config} */
module.exports = {
  // Nothing here takes a second alone; a machine that is busy with something else takes its time.
  testTimeout: 60_000,
  projects: [
    {
      ...shared,
      displayName: 'unit',
      transform: {
        ...shared.transform,
        '^.+\\.vue$': '<rootDir>/test/dashboard/pages/vue-transform.cjs',
        ...bundled.transform,
      },
      transformIgnorePatterns: bundled.transformIgnorePatterns,
      testMatch: ['<rootDir>/test/**/*.test.ts'],
      testPathIgnorePatterns: ['\\.(broker|opensearch)\\.test\\.ts$', '<rootDir>/test/e2e/'],
    },
    {
      ...shared,
      displayName: 'opensearch',
      testMatch: ['<rootDir>/test/**/*.opensearch.test.ts'],
    },
    {
      ...shared,
      displayName: 'broker',
      testMatch: ['<rootDir>/test/**/*.broker.test.ts'],
    },
    {
      ...shared,
      displayName: 'e2e',
      testMatch: ['<rootDir>/test/e2e/**/*.test.ts'],
    },
  ],
};
