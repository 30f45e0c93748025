import type { Reader } from '../report/reader.ts';
import { jestJson } from './jest-json.ts';
import { junit } from './junit/reader.ts';
import type { TestSink } from './test-case.ts';

/** Formats of test results. What each dialect of JUnit means is told in `README.md` beside this file. */
export const testReaders: readonly Reader<TestSink>[] = [junit, jestJson];
