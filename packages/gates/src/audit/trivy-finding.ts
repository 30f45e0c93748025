import { cleanText } from '../report/clean-text.ts';
import { lineNumber, neededText, object, text } from './entry.ts';
import type { JsonEntry } from './entry.ts';
import { fingerprintOf } from './fingerprint.ts';
import { unrated } from './item.ts';
import type { AuditProblem, SeverityEvidence } from './item.ts';

/**
 * One entry of `Secrets`. `Match` is masked by Trivy, but the lines around it in `Code` are not, and can hold other
 * secrets: neither is given out.
 */
export function readSecret(entry: JsonEntry, result: JsonEntry): AuditProblem {
  const rule = neededText(entry, 'RuleID');
  const line = lineNumber(entry, 'StartLine');
  const target = text(result, 'Target') ?? '';
  return {
    kind: 'secret',
    id: cleanText(rule, 200),
    aliases: [],
    severity: labelled(entry),
    message: cleanText(text(entry, 'Title') || rule, 200),
    ...(line === undefined ? {} : { line }),
    mark: fingerprintOf(['secret', rule, target, text(entry, 'Match') ?? '']),
  };
}

/** One entry of `Misconfigurations`; undefined when the check passed or was excepted. */
export function readMisconfiguration(entry: JsonEntry): AuditProblem | undefined {
  const status = text(entry, 'Status') ?? 'FAIL';
  if (status === 'PASS' || status === 'EXCEPTION') return undefined;
  const id = text(entry, 'ID') || neededText(entry, 'AVDID');
  const cause = object(entry, 'CauseMetadata');
  const line = cause === undefined ? undefined : lineNumber(cause, 'StartLine');
  return {
    kind: 'misconfiguration',
    id: cleanText(id, 200),
    aliases: [],
    severity: labelled(entry),
    message: cleanText(text(entry, 'Message') || text(entry, 'Title') || id, 300),
    ...(line === undefined ? {} : { line }),
  };
}

/** One entry of `Licenses`: of a package, or of a file. One of an unknown category has no known severity (F12). */
export function readLicence(entry: JsonEntry): AuditProblem {
  const name = cleanText(text(entry, 'Name') || 'unknown', 200);
  const owner = cleanText(text(entry, 'PkgName') || text(entry, 'FilePath') || '', 200);
  const category = cleanText(text(entry, 'Category') || 'unknown', 50);
  const holder = text(entry, 'PkgName') || '';
  return {
    kind: 'licence',
    id: name,
    aliases: [],
    ...(holder === ''
      ? {}
      : { package: { name: cleanText(holder, 200), fixedIn: [], scope: 'unknown' } }),
    severity: category === 'unknown' ? unrated : labelled(entry),
    message: `${owner === '' ? 'licence' : owner}: ${name} (${category})`,
  };
}

function labelled(entry: JsonEntry): SeverityEvidence {
  return { ...unrated, label: text(entry, 'Severity') ?? '' };
}
