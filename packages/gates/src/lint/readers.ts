import type { Reader } from '../report/reader.ts';
import { checkstyleReader } from './checkstyle.ts';
import { eslintJsonReader } from './eslint-json.ts';
import { flake8Reader } from './flake8.ts';
import { gccReader } from './gcc.ts';
import type { LintSink } from './lint-item.ts';
import { mypyReader } from './mypy.ts';
import { pylintReader } from './pylint.ts';
import { ruffJsonReader } from './ruff-json.ts';
import { sarifReader } from './sarif.ts';
import { tscReader } from './tsc.ts';

/**
 * Formats of the lint gate, in the order in which they are tried. ruff stands before ESLint, because an empty list is what
 * ruff writes when it finds nothing; mypy before GCC, because its lines are in the style of GCC. The number of items of a
 * report is how many it gave out: findings, suppressed ones and what was not analysed.
 */
export const lintReaders: readonly Reader<LintSink>[] = [
  sarifReader,
  ruffJsonReader,
  eslintJsonReader,
  checkstyleReader,
  pylintReader,
  flake8Reader,
  mypyReader,
  tscReader,
  gccReader,
];
