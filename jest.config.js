/**
 * Jest runs what tsc built: no transform, ES modules as node loads them. Suites that go over many programs or many places again are
 * called `*.long.test.ts`: `npm run test:long` runs them and no others, `npm test` all others.
 */
const isLong = process.env.FOLDOS_LONG_TESTS === "1";

export default {
  roots: ["<rootDir>/dist"],
  testMatch: [isLong ? "<rootDir>/dist/**/*.long.test.js" : "<rootDir>/dist/**/!(*.long).test.js"],
  testEnvironment: "<rootDir>/jest-environment.js",
  testSequencer: "<rootDir>/jest-sequencer.js",
  transform: {},
  modulePathIgnorePatterns: ["<rootDir>/.foldos/", "<rootDir>/.stryker-tmp/"],
  testPathIgnorePatterns: ["/node_modules/", "<rootDir>/.stryker-tmp/"],
  setupFiles: ["<rootDir>/dist/property-tests/jest-set-up.js"],
  watchman: false,
  maxWorkers: 2,
};
