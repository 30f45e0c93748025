import type { Finding, GateResult } from '@gatewright/verdict';
import { packageKey } from './package-url.ts';

/** What is known of an earlier result: a way to tell new findings, or why it cannot be compared with. */
export type AuditBase =
  | { readonly usable: true; readonly has: (finding: Finding) => boolean }
  | { readonly usable: false; readonly problem: string };

/**
 * Prepares the comparison with the base result of the audit gate. A finding is known if its fingerprint is, or if the base
 * has the same package under any of its names: another tool may have called it otherwise. What was waived in the base is
 * not known, or a waiver would hold on after its end.
 */
export function auditBase(base: GateResult | undefined): AuditBase {
  const problem = problemOf(base);
  if (base === undefined || problem !== undefined) {
    return { usable: false, problem: problem ?? 'there is no base result' };
  }
  const known = new Set(base.findings.flatMap(marksOf));
  return { usable: true, has: (finding) => marksOf(finding).some((mark) => known.has(mark)) };
}

function problemOf(base: GateResult | undefined): string | undefined {
  if (base === undefined) return undefined;
  if (base.gate !== 'audit') return `the base is a result of the ${base.gate} gate`;
  if (base.verdict !== 'pass' && base.verdict !== 'fail') {
    return `the base ended with ${base.verdict}, so its findings are not known`;
  }
  return base.findingsOmitted > 0 ? 'the base lists only a part of its findings' : undefined;
}

function marksOf(finding: Finding): string[] {
  if (finding.kind !== 'vulnerability') return [finding.fingerprint];
  const key = finding.package === undefined ? '' : packageKey(finding.package);
  return [finding.fingerprint, ...[finding.id, ...finding.aliases].map((name) => `${name} ${key}`)];
}
