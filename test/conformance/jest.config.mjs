import base from '../../jest.config.mjs';

// Suites that need a client from outside npm; `.ci/run` calls them, `npm test` does not.
export default {
  ...base,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/conformance/**/*.conformance.ts'],
  testTimeout: 300_000,
};
