import type { ReportContext } from '../../report/reader.ts';

/**
 * The totals that node:test writes into comments at the end. A test with subtests becomes a suite, and its own failure is
 * then nowhere but in these totals.
 */
export interface NodeTotals {
  comment(text: string): void;
  /** @throws when the totals have a failure and no case has. */
  check(failing: number): void;
}

export function createNodeTotals(report: ReportContext): NodeTotals {
  // Tests can write comments as well; the totals come last.
  const totals = new Map<string, number>();
  return {
    comment: (text) => {
      const [, key, number] = /^ (fail|cancelled) (\d{1,15}) $/.exec(text) ?? [];
      if (key !== undefined) totals.set(key, Number(number));
    },
    check: (failing) => {
      const failed = (totals.get('fail') ?? 0) + (totals.get('cancelled') ?? 0);
      if (failed === 0 || failing > 0) return;
      report.fail(
        'report-contradictory',
        `the totals at the end say that ${failed} tests failed, but no case did`,
        // The parser has been closed, and knows no place any more.
        {},
      );
    },
  };
}
