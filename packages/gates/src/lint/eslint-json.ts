import { cleanText } from '../report/clean-text.ts';
import type { JsonReader, ReportContext } from '../report/reader.ts';
import { createCounter, createPaths, positive } from './entry.ts';
import { isJsonObject, narrowFor } from './json-value.ts';
import type { JsonObject, Narrow } from './json-value.ts';
import type { LintItem, LintSink } from './lint-item.ts';

/**
 * `eslint --format json`: a list of files, each with its messages. Fatal messages are syntax errors and files that could
 * not be read. A list without files is refused: ESLint writes it only when it was told not to mind that nothing matched.
 */
export const eslintJsonReader: JsonReader<LintSink> = {
  format: 'eslint-json',
  title: 'ESLint JSON',
  shape: 'json',
  sniff: (document) => {
    if (!Array.isArray(document)) return false;
    const first: unknown = document[0];
    return document.length === 0 || (isJsonObject(first) && 'filePath' in first);
  },
  read: (document, sink, report) => {
    const json = narrowFor(report);
    const files = json.list(document, '');
    if (files.length === 0) report.fail('not-analysed', 'ESLint has looked at no file');
    const counter = createCounter(sink);
    const pathOf = createPaths(report.roots);
    for (const [index, value] of files.entries()) {
      const key = `[${index}]`;
      const file = json.object(value, key);
      const path = pathOf(json.text(file.filePath, key, 'filePath'));
      readFile(file, key, { json, report, path, emit: counter.emit });
    }
    return counter.count();
  },
};

interface FileContext {
  readonly json: Narrow;
  readonly report: ReportContext;
  readonly path: string | undefined;
  readonly emit: LintSink;
}

function readFile(file: JsonObject, key: string, context: FileContext): void {
  const { json, emit } = context;
  const source = json.optionalText(file.source, key, 'source');
  const lines = source?.split(/\r?\n/);
  const itemsOf = (name: string, values: readonly unknown[]): LintItem[] =>
    values.map((value, index) => {
      const at = `${key}.${name}[${index}]`;
      const item = itemOf(json.object(value, at), at, context);
      return { ...item, lineText: item.line === undefined ? undefined : lines?.[item.line - 1] };
    });
  const items = itemsOf('messages', json.list(file.messages, key, 'messages'));
  checkCounts(file, key, items, context);
  for (const item of items) emit(item);
  const suppressed = json.optionalList(file.suppressedMessages, key, 'suppressedMessages');
  for (const item of itemsOf('suppressedMessages', suppressed)) {
    emit({ ...item, kind: 'suppressed' });
  }
}

function itemOf(message: JsonObject, key: string, { json, report, path }: FileContext): LintItem {
  const ruleId = json.optionalText(message.ruleId, key, 'ruleId');
  const level = levels.get(json.optionalNumber(message.severity, key, 'severity') ?? 0);
  return {
    kind: message.fatal === true ? 'not-analysed' : 'lint',
    // What has no rule comes from ESLint itself: an unused directive, an ignored file that was named.
    ruleId: cleanText(ruleId ?? '', 200) || (message.fatal === true ? 'fatal' : 'eslint'),
    level:
      level ??
      report.fail('report-malformed', 'neither 1 (warning) nor 2 (error)', {
        key: `${key}.severity`,
      }),
    message: cleanText(json.text(message.message, key, 'message')),
    path,
    line: positive(message.line),
    column: positive(message.column),
    tool: 'ESLint',
  };
}

const levels: ReadonlyMap<number, LintItem['level']> = new Map([
  [1, 'warning'],
  [2, 'error'],
]);

/** Old versions do not count fatal messages by themselves. */
function checkCounts(
  file: JsonObject,
  key: string,
  items: readonly LintItem[],
  { json, report }: FileContext,
): void {
  const actual = {
    errorCount: items.filter(({ level }) => level === 'error').length,
    warningCount: items.filter(({ level }) => level === 'warning').length,
    fatalErrorCount: items.filter(({ kind }) => kind === 'not-analysed').length,
  };
  for (const [name, count] of Object.entries(actual)) {
    const stated = json.optionalNumber(file[name], `${key}.${name}`);
    if (stated !== undefined && stated !== count) {
      report.fail('report-contradictory', `says ${stated}, but its messages make ${count}`, {
        key: `${key}.${name}`,
      });
    }
  }
}
