import { cleanText } from '../report/clean-text.ts';
import { isJsonObject } from './json-value.ts';
import type { JsonObject, Narrow } from './json-value.ts';
import type { LintSink } from './lint-item.ts';
import type { SarifContext } from './sarif-components.ts';
import type { SarifPlace } from './sarif-places.ts';
import { messageText } from './sarif-rules.ts';

type PlaceOf = (locations: unknown, key: string) => SarifPlace;

/** A tool that crashed leaves a valid file, which must not be taken for a clean one. */
export function refuseFailedRun(
  run: JsonObject,
  at: string,
  { json, report }: SarifContext,
  placeOf: PlaceOf,
): void {
  const reason = (): string => reasonOf(run, at, json, placeOf);
  for (const { value, key } of invocationsOf(run, at, json)) {
    const { executionSuccessful: ended } = value;
    if (ended !== undefined && ended !== null && typeof ended !== 'boolean') {
      report.fail('report-malformed', 'neither true nor false', {
        key: `${key}.executionSuccessful`,
      });
    }
    if (ended === false || typeof value.processStartFailureMessage === 'string') {
      report.fail('tool-failed', `the tool failed${reason()}`, { key });
    }
  }
  // Absent and null both mean that there was no scan that came to its end (§3.14.23).
  if (run.results === undefined || run.results === null) {
    report.fail('tool-failed', `the run has no results${reason()}`, {
      key: `${at}.results`,
    });
  }
}

interface NotificationTarget {
  readonly tool: string;
  readonly placeOf: PlaceOf;
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
    const descriptor = json.optionalObject(value.descriptor, `${key}.descriptor`);
    const id = json.optionalText(descriptor?.id, `${key}.descriptor.id`);
    emit({
      kind: 'not-analysed',
      ruleId: cleanText(id ?? '', 200) || 'notification',
      level: 'error',
      message: cleanText(textOf(value, key, json)),
      ...placeOf(value.locations, `${key}.locations`),
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

function objectsOf(list: unknown, key: string, json: Narrow): Keyed[] {
  return json.optionalList(list, key).map((value, index) => ({
    value: json.object(value, `${key}[${index}]`),
    key: `${key}[${index}]`,
  }));
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

function reasonOf(run: JsonObject, at: string, json: Narrow, placeOf: PlaceOf): string {
  const [first] = gravesOf(run, at, json);
  if (first === undefined) return '';
  const { path, line } = placeOf(first.value.locations, `${first.key}.locations`);
  const place = path === undefined ? '' : `${path}${line === undefined ? '' : `:${line}`}: `;
  return `: ${cleanText(`${place}${textOf(first.value, first.key, json)}`, 300)}`;
}

function textOf(notification: JsonObject, key: string, json: Narrow): string {
  return messageText(notification.message, undefined, `${key}.message`, json);
}
