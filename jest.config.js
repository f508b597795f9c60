/** Jest runs what tsc built: no transform, ES modules as node loads them. */
export default {
  roots: ["<rootDir>/dist"],
  testMatch: ["<rootDir>/dist/**/*.test.js"],
  testEnvironment: "<rootDir>/jest-environment.js",
  testSequencer: "<rootDir>/jest-sequencer.js",
  transform: {},
  modulePathIgnorePatterns: ["<rootDir>/.foldos/", "<rootDir>/.stryker-tmp/"],
  testPathIgnorePatterns: ["/node_modules/", "<rootDir>/.stryker-tmp/"],
  setupFiles: ["<rootDir>/dist/property-tests/jest-set-up.js"],
  watchman: false,
  maxWorkers: 2,
};
