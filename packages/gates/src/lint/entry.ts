import { treePath } from '../report/tree-path.ts';
import type { TreeRoots } from '../report/tree-path.ts';
import type { LintItem, LintSink } from './lint-item.ts';

/** Tree paths by the paths of a report, each worked out once: a report names few files many times. */
export function createPaths(roots: TreeRoots): (raw: string) => string | undefined {
  const known = new Map<string, string | undefined>();
  return (raw) => {
    if (known.has(raw)) return known.get(raw);
    const path = treePath(raw, roots);
    known.set(raw, path);
    return path;
  };
}

/** A line or column as reports give it. Tools write 0, -1 or nothing for a place that they do not know. */
export function positive(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) && number > 0
    ? number
    : undefined;
}

/** A sink that knows how much went through it, and drops places that are none. */
export function createCounter(sink: LintSink): { readonly emit: LintSink; count(): number } {
  let items = 0;
  return {
    emit: (item) => {
      items += 1;
      sink(hasPlace(item) ? item : withoutPlace(item));
    },
    count: () => items,
  };
}

/** A line needs a known file, and a notebook has none: tools count in its cells, not in its JSON. */
function hasPlace({ path, line }: LintItem): boolean {
  return line === undefined || (path !== undefined && !path.endsWith('.ipynb'));
}

function withoutPlace(item: LintItem): LintItem {
  return { ...item, line: undefined, column: undefined, lineText: undefined };
}

// flake8 and pycodestyle call a file that cannot be read E902 and a syntax error E999; ruff writes E902 and
// invalid-syntax; pylint E0001 and, for what stops it, F and four digits; Biome parse.
const unanalysedRule = /^(?:E902|E999|E0001|F\d{4}|invalid-syntax|syntax-error|parse)$/;

/** Whether a linter says by this rule that it could not look at the file. */
export function saysNotAnalysed(ruleId: string): boolean {
  return unanalysedRule.test(ruleId);
}
