import { cleanText } from '../report/clean-text.ts';
import type { JsonReader, ReportContext } from '../report/reader.ts';
import { createCounter, saysNotAnalysed } from './entry.ts';
import { isJsonObject, narrowFor } from './json-value.ts';
import type { JsonObject, Narrow } from './json-value.ts';
import type { LintItem, LintSink } from './lint-item.ts';
import type { SarifContext } from './sarif-components.ts';
import { readNotifications, refuseFailedRun } from './sarif-invocations.ts';
import { createPlaceOf } from './sarif-places.ts';
import { createDescribe } from './sarif-rules.ts';

/**
 * SARIF 2.1.0 (OASIS). Every run must say that it came to its end: one without `results`, or with a failed invocation, is
 * refused. Notifications of level error make parts not analysed (appendix I of the standard).
 */
export const sarifReader: JsonReader<LintSink> = {
  format: 'sarif',
  title: 'SARIF 2.1.0',
  shape: 'json',
  sniff: (document) =>
    isJsonObject(document) &&
    'runs' in document &&
    ('version' in document || '$schema' in document),
  read: (document, sink, report) => {
    const json = narrowFor(report);
    const log = json.object(document, '');
    const version = json.text(log.version, 'version');
    if (version !== '2.1.0') {
      report.fail('report-unrecognised', `SARIF ${cleanText(version, 20)}; only 2.1.0 is read`, {
        key: 'version',
      });
    }
    refuseOtherFiles(log.inlineExternalProperties, 'inlineExternalProperties', report);
    const runs = json.list(log.runs, 'runs');
    if (runs.length === 0) report.fail('report-empty', 'no tool has run', { key: 'runs' });
    const counter = createCounter(sink);
    runs.forEach((run, index) => {
      const at = `runs[${index}]`;
      readRun(json.object(run, at), at, { json, report }, counter.emit);
    });
    return counter.count();
  },
};

function readRun(run: JsonObject, at: string, context: SarifContext, emit: LintSink): void {
  const { json, report } = context;
  const { externalPropertyFileReferences: others } = run;
  refuseOtherFiles(others, `${at}.externalPropertyFileReferences`, report);
  const driver = json.object(json.object(run.tool, at, 'tool').driver, at, 'tool.driver');
  const tool = cleanText(json.text(driver.name, at, 'tool.driver.name'), 100);
  const placeOf = createPlaceOf(run, at, context);
  refuseFailedRun(run, at, context, placeOf);
  readNotifications(run, at, context, { tool, placeOf, emit });
  const describe = createDescribe(run, at, context);
  const isLinter = /\b(?:biome|flake8|pylint|ruff)\b/i.test(tool);

  json.list(run.results, at, 'results').forEach((value, index) => {
    const key = `${at}.results[${index}]`;
    const result = json.object(value, key);
    if (!isFinding(result, key, json)) return;
    const { ruleId, level, message } = describe(result, key);
    const { path, line, column, lineText } = placeOf(result.locations, key);
    emit({
      kind: kindOf(isLinter && saysNotAnalysed(ruleId), isSuppressed(result, key, json)),
      ruleId: cleanText(ruleId, 200) || 'no-rule',
      level,
      message: cleanText(message),
      path,
      line,
      column,
      lineText,
      tool,
      fingerprint: lineText === undefined ? fingerprintOf(result) : undefined,
    });
  });
}

function kindOf(notAnalysed: boolean, suppressed: boolean): LintItem['kind'] {
  if (notAnalysed) return 'not-analysed';
  return suppressed ? 'suppressed' : 'lint';
}

/** Results or rules that stand elsewhere are not read, so what is read would not be the whole. */
function refuseOtherFiles(value: unknown, key: string, report: ReportContext): void {
  const some = Array.isArray(value) ? value.length > 0 : isJsonObject(value);
  if (some) report.fail('report-malformed', 'keeps parts outside of its runs; not read', { key });
}

const kinds = ['fail', 'pass', 'open', 'informational', 'notApplicable', 'review'] as const;
const baselineStates = ['new', 'unchanged', 'updated', 'absent'] as const;

/** A result that passed, or that is gone since the tool's own baseline, is no finding. */
function isFinding(result: JsonObject, at: string, json: Narrow): boolean {
  const kind = json.optionalWord(result.kind, kinds, at, 'kind') ?? 'fail';
  const state = json.optionalWord(result.baselineState, baselineStates, at, 'baselineState');
  return kind === 'fail' && state !== 'absent';
}

const statuses = ['accepted', 'underReview', 'rejected'] as const;

/** One that is under review or was rejected keeps the others from hiding the result. */
function isSuppressed(result: JsonObject, at: string, json: Narrow): boolean {
  const suppressions = json.optionalList(result.suppressions, at, 'suppressions');
  if (suppressions.length === 0) return false;
  return suppressions
    .map((value) => json.object(value, at, 'suppressions[]').status)
    .map((status) => json.optionalWord(status, statuses, at, 'suppressions[].status') ?? 'accepted')
    .every((status) => status === 'accepted');
}

function fingerprintOf({ fingerprints, partialFingerprints }: JsonObject): string | undefined {
  const own = fingerprints ?? partialFingerprints;
  return isJsonObject(own) ? JSON.stringify(own) : undefined;
}
