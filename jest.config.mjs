export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  testMatch: ['<rootDir>/{packages,actions}/*/src/**/*.test.ts', '<rootDir>/test/**/*.test.ts'],
  // Workspace packages are tested from their sources; no build is needed for the unit tests.
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'node-addons'] },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2023', parser: { syntax: 'typescript' } }, module: { type: 'es6' } },
    ],
  },
  modulePathIgnorePatterns: ['/lib/', '/dist/'],
  // Most of the time of the suites goes into waiting for processes, not into computing.
  maxWorkers: '100%',
  testTimeout: 60_000,
};
