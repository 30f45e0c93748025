import type { Reader } from '../report/reader.ts';
import { cloverReader } from './clover.ts';
import { coberturaReader } from './cobertura.ts';
import type { CoverageSink } from './coverage.ts';
import { coveragePyReader } from './coverage-py-json.ts';
import { istanbulFinalReader } from './istanbul-final.ts';
import { istanbulSummaryReader } from './istanbul-summary.ts';
import { jacocoReader } from './jacoco.ts';
import { lcovReader } from './lcov.ts';

/** The coverage formats that the test gate knows. */
export const coverageReaders: readonly Reader<CoverageSink>[] = [
  coberturaReader,
  lcovReader,
  coveragePyReader,
  istanbulSummaryReader,
  istanbulFinalReader,
  cloverReader,
  jacocoReader,
];
