import { judgeLint } from '../lint/judge-lint.ts';
import type { SeenLintItem } from '../lint/lint-item.ts';
import { lintReaders } from '../lint/readers.ts';
import { planLint } from './detect/detect-lint.ts';
import type { GateKind, GateWork } from './gate-kind.ts';
import { treeLines } from './line-text.ts';
import { readInput } from './read-input.ts';
import type { GateRequest } from './request.ts';

/** Judges what linters found. */
export const lintGate: GateKind = { gate: 'lint', plan: planLint, begin };

function begin({ roots, base, policy }: GateRequest): GateWork {
  const items: SeenLintItem[] = [];
  return {
    read: async (input) => {
      const before = items.length;
      const evidence = await readInput('lint', input, {
        readers: lintReaders,
        foreign: [],
        // Readers make each item anew, and there can be tens of thousands: it is not copied.
        sink: (item) => void items.push(Object.assign(item, { seenIn: input.path })),
        roots,
      });
      // What was silenced is no reason to fail.
      const explains = items.slice(before).filter(({ kind }) => kind !== 'suppressed').length;
      return { evidence, explains };
    },
    judge: async ({ waive }) =>
      judgeLint({
        items,
        lineText: treeLines(roots.root),
        ...(base === undefined ? {} : { base }),
        policy: policy.gates.lint,
        waive,
      }),
  };
}
