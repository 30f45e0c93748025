import type { XmlElement } from '../../report/reader.ts';

/**
 * How far a number in the header of a suite may be from what stands below it. A header that claims more than there is has
 * lost evidence, and one that claims less was not written for these cases; both are refused, but for the tools of which
 * it is known (by running them) that they write such headers.
 */
export type Relation = 'equal' | 'at-most' | 'any';

/** What a tool means by its suites and headers. */
export interface Dialect {
  readonly name: string;
  readonly tests: Relation;
  /** Failures, errors and skipped. */
  readonly results: Relation;
  /** Headers count the children of a suite, suites among them, and not the cases at any depth. */
  readonly countsChildren?: true;
  /** Failures stand as errors in the header. */
  readonly failuresAreErrors?: true;
  /** The header counts skipped tests for which no case is written. */
  readonly omitsSkipped?: true;
  /** A failed test that was run again is a case of its own for each run. */
  readonly repeatsReruns?: true;
  /** `line` counts from 0. */
  readonly linesFromZero?: true;
  /** Every case of every suite has this class name, which says nothing. */
  readonly constantClassname?: string;
}

/** Whatever has no signature of its own: vitest, PHPUnit, GoogleTest, cargo-nextest, Playwright and others. */
export const otherDialect: Dialect = { name: 'other', tests: 'equal', results: 'equal' };

// A passing subtest counts in the header of pytest without a case, and an attempt of pytest-rerunfailures is a case that
// the header does not count. Failures, errors and skipped ones are exact.
const pytest: Dialect = { name: 'pytest', tests: 'any', results: 'equal', linesFromZero: true };

// Counts neither todo tests nor suites that could not run, nor the failure of an `afterAll`, but writes cases for them.
const jest: Dialect = { name: 'jest-junit', tests: 'at-most', results: 'at-most' };

// With reruns, the header is of the last run alone.
const surefire: Dialect = { name: 'surefire', tests: 'at-most', results: 'at-most' };

// A package that could not be built, or whose TestMain failed, is a case that the header does not count.
const gotestsum: Dialect = {
  name: 'gotestsum',
  tests: 'at-most',
  results: 'at-most',
  repeatsReruns: true,
};

// The xunit reporter of Mocha. The failure of a hook is a case that the header does not count as a test.
const mochaXunit: Dialect = {
  name: 'mocha-xunit',
  tests: 'at-most',
  results: 'at-most',
  failuresAreErrors: true,
};

const mochaJunit: Dialect = {
  name: 'mocha-junit-reporter',
  tests: 'equal',
  results: 'equal',
  omitsSkipped: true,
};

const node: Dialect = {
  name: 'node:test',
  tests: 'equal',
  results: 'equal',
  countsChildren: true,
  constantClassname: 'test',
};

/** Tools let users choose the names of suites, so they are told apart by the order in which they write attributes. */
const signatures: readonly (readonly [RegExp, Dialect])[] = [
  [/^name errors failures skipped tests time timestamp/, pytest],
  [/^name errors failures skipped timestamp time tests/, jest],
  [/^name time disabled errors tests failures skipped/, node],
  [/^tests failures (?:skipped )?time name timestamp$/, gotestsum],
  [/^name tests failures errors skipped timestamp time$/, mochaXunit],
  [/^name timestamp tests (?:file )?time failures$/, mochaJunit],
];

const surefireSchema = 'xsi:noNamespaceSchemaLocation';

/** The dialect of a `<testsuite>`. */
export function dialectOf({ attributes }: XmlElement): Dialect {
  if (attributes[surefireSchema]?.includes('surefire') === true) return surefire;
  const order = Object.keys(attributes).join(' ');
  return signatures.find(([signature]) => signature.test(order))?.[1] ?? otherDialect;
}
