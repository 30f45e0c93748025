import { cleanText } from '../report/clean-text.ts';
import { isJsonObject } from './json-value.ts';
import type { JsonObject, Narrow } from './json-value.ts';
import type { LintSink } from './lint-item.ts';
import type { SarifContext } from './sarif-components.ts';
import type { SarifPlaceOf } from './sarif-places.ts';
import { messageText } from './sarif-rules.ts';

/** A tool that crashed leaves a valid file, which must not be taken for a clean one. */
export function refuseFailedRun(
  run: JsonObject,
  at: string,
  { json, report }: SarifContext,
  placeOf: SarifPlaceOf,
): void {
  const fail = (problem: string, key: string): never => {
    const reason = reasonOf(run, at, json, placeOf);
    return report.fail('tool-failed', `${problem}${reason}`, { key });
  };
  for (const { value, key } of invocationsOf(run, at, json)) {
    const ended = value.executionSuccessful ?? true;
    if (typeof ended !== 'boolean') {
      report.fail('report-malformed', 'neither true nor false', {
        key: `${key}.executionSuccessful`,
      });
    }
    if (!ended || typeof value.processStartFailureMessage === 'string') {
      fail('the tool failed', key);
    }
  }
  // Absent and null both mean that there was no scan that came to its end (§3.14.23).
  if (run.results === undefined || run.results === null) {
    fail('the run has no results', `${at}.results`);
  }
}

interface NotificationTarget {
  readonly tool: string;
  readonly placeOf: SarifPlaceOf;
  readonly emit: LintSink;
}

/** Emits what the tool says that it could not do. Milder notifications are progress reports and are left out. */
export function readNotifications(
  run: JsonObject,
  at: string,
  { json }: SarifContext,
  { tool, placeOf, emit }: NotificationTarget,
): void {
  for (const { value, key } of gravesOf(run, at, json)) {
    const descriptor = json.optionalObject(value.descriptor, key, 'descriptor');
    const id = json.optionalText(descriptor?.id, key, 'descriptor.id');
    emit({
      kind: 'not-analysed',
      ruleId: cleanText(id ?? '', 200) || 'notification',
      level: 'error',
      message: cleanText(messageText(value.message, undefined, key, json)),
      ...placeOf(value.locations, key),
      tool,
    });
  }
}

interface Keyed {
  readonly value: JsonObject;
  readonly key: string;
}

function invocationsOf(run: JsonObject, at: string, json: Narrow): Keyed[] {
  return objectsOf(run.invocations, `${at}.invocations`, json);
}

function objectsOf(list: unknown, at: string, json: Narrow): Keyed[] {
  return json.optionalList(list, at).map((value, index) => {
    const key = `${at}[${index}]`;
    return { value: json.object(value, key), key };
  });
}

function gravesOf(run: JsonObject, at: string, json: Narrow): Keyed[] {
  return invocationsOf(run, at, json)
    .flatMap(({ value, key }) =>
      ['toolExecutionNotifications', 'toolConfigurationNotifications'].flatMap((name) =>
        objectsOf(value[name], `${key}.${name}`, json),
      ),
    )
    .filter(({ value }) => value.level === 'error' || isJsonObject(value.exception));
}

function reasonOf(run: JsonObject, at: string, json: Narrow, placeOf: SarifPlaceOf): string {
  const [first] = gravesOf(run, at, json);
  if (first === undefined) return '';
  const { value, key } = first;
  const { path, line } = placeOf(value.locations, key);
  const place = path === undefined ? '' : `${path}${line === undefined ? '' : `:${line}`}: `;
  return `: ${cleanText(`${place}${messageText(value.message, undefined, key, json)}`, 300)}`;
}
