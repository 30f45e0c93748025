import type { ReportContext } from '../../report/reader.ts';
import { treePath } from '../../report/tree-path.ts';
import type { TestCase } from '../test-case.ts';
import { failureMessage, failurePlace } from './failure-text.ts';
import type { FailureText } from './failure-text.ts';
import type { CaseNames } from './identity.ts';
import { shortened } from './shortened.ts';
import type { Suite } from './suites.ts';

interface Surroundings {
  readonly suite: Suite | undefined;
  readonly report: ReportContext;
}

const sourceName = /\.[cm]?[jt]sx?$/;

/** What a failure says, and where it is: in the report's own words first, then in what tools write elsewhere. */
export function detailOf(
  { path, classname }: CaseNames,
  attributes: Readonly<Record<string, string>>,
  failure: FailureText,
  { suite, report }: Surroundings,
): Pick<TestCase, 'path' | 'line' | 'message'> {
  const inTree = (raw: string): string => shortened(treePath(raw, report.roots) ?? '');
  const place = failurePlace(failure);
  const told = path ?? (place === undefined ? '' : inTree(place.path));
  // vitest and Playwright name the class after the file.
  const found = told === '' && sourceName.test(classname) ? inTree(classname) : told;
  // A line of another file than the one that is shown would mislead.
  const line = lineOf(attributes, suite) ?? (path === undefined && told !== '' ? place?.line : 0);
  const message = failureMessage(failure);
  return {
    ...(message === undefined ? {} : { message }),
    ...(found === '' ? {} : { path: found }),
    ...(found === '' || line === undefined || line < 1 ? {} : { line }),
  };
}

function lineOf(
  { line }: Readonly<Record<string, string>>,
  suite: Suite | undefined,
): number | undefined {
  if (line === undefined || !/^\d{1,9}$/.test(line)) return undefined;
  return Number(line) + (suite?.dialect?.linesFromZero === true ? 1 : 0);
}
