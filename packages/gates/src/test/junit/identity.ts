import type { ReportContext } from '../../report/reader.ts';
import { treePath } from '../../report/tree-path.ts';
import { shortened } from './shortened.ts';
import type { Suite } from './suites.ts';

/** What tells a test apart. */
export interface CaseNames {
  readonly name: string;
  readonly classname: string;
  readonly path: string | undefined;
  readonly identity: string;
}

/** Finds the names of cases. What neighbours have in common is cleaned once. */
export function createNaming(
  report: ReportContext,
): (attributes: Readonly<Record<string, string>>, suite: Suite | undefined) => CaseNames {
  const classOf = remembered(shortened);
  const pathOf = remembered((raw) => shortened(treePath(raw, report.roots) ?? ''));
  return (attributes, suite) => {
    const name = shortened(attributes.name ?? '') || unnamed(suite);
    const given = attributes.classname ?? '';
    const saysNothing = given === '' || given === suite?.dialect?.constantClassname;
    const classname = saysNothing ? (suite?.path ?? '') : classOf(given);
    const path = pathOf(attributes.file ?? attributes.filepath ?? suite?.file ?? '');
    const identity = `${path}|${classname}|${name}`;
    return { name, classname, path: path === '' ? undefined : path, identity };
  };
}

/** Surefire leaves the name empty when a whole class failed. Counted within its suite, so that the order of suites is free. */
function unnamed(suite: Suite | undefined): string {
  if (suite === undefined) return '(unnamed)';
  suite.unnamed += 1;
  return suite.unnamed === 1 ? '(unnamed)' : `(unnamed ${suite.unnamed})`;
}

function remembered(change: (raw: string) => string): (raw: string) => string {
  let last = '';
  let changed = '';
  return (raw) => {
    if (raw !== last) {
      last = raw;
      changed = change(raw);
    }
    return changed;
  };
}
