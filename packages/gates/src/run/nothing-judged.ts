import type { GateName, GateResult } from '@gatewright/verdict';
import type { Judgement } from '../judgement.ts';

/** The counts of a gate that has judged nothing. */
export function emptyCounts(gate: GateName): GateResult['counts'] {
  if (gate === 'lint') {
    return { error: 0, warning: 0, note: 0, notAnalysed: 0, suppressed: 0, waived: 0 };
  }
  if (gate === 'audit') return { critical: 0, high: 0, moderate: 0, low: 0, unknown: 0, waived: 0 };
  return { tests: 0, passed: 0, failed: 0, errored: 0, skipped: 0, flaky: 0, waived: 0 };
}

/** What a gate that passes says of itself. */
export function passSentence(gate: GateName, judgement: Judgement, reports: number): string {
  const from = `in ${reports} ${reports === 1 ? 'report' : 'reports'}`;
  const waived = judgement.waived.length === 0 ? '' : `, ${judgement.waived.length} waived`;
  const { counts } = judgement;
  if (!('tests' in counts)) {
    const open = judgement.findings.length;
    const what = open === 0 ? 'No open finding' : `${open} open findings, none too grave,`;
    return `${what} ${from}${waived}: the ${gate} gate passes.`;
  }
  const coverage =
    counts.coverage === undefined
      ? ''
      : `, ${counts.coverage.metric} coverage ${counts.coverage.percent} %`;
  return `${counts.passed} of ${counts.tests} tests passed ${from}${waived}${coverage}.`;
}
